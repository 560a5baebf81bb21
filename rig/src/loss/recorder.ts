import { machineMs } from "../machine-ms.ts";
import type { ClientHistory, Note } from "./history.ts";
import type { Item } from "./traffic.ts";

/** How long one delivery took, from the call that published it. */
export interface Delivery {
  readonly publisher: string;
  readonly tookMs: number;
  /** Told without a place, because the ground was away. */
  readonly isEarly: boolean;
}

/** Writes down what one client hears of one channel. */
export interface Recorder {
  readonly history: ClientHistory;
  joined(cursor?: string, resumed?: boolean): void;
  offline(): void;
  resync(reason: string, place?: { readonly cursor?: string; readonly position?: string }): void;
  event(item: Item, meta: { readonly cursor?: string; readonly position?: string }): void;
  /** Whether the client is in the channel. */
  isIn(): boolean;
  /** Whether an event of this name has been written down. */
  has(id: string): boolean;
}

/** Makes an empty history. `onDelivery` is told of each event that comes for the first time, unless it was published before the client was there. */
export function createRecorder(
  who: Omit<ClientHistory, "notes">,
  onDelivery: (delivery: Delivery) => void,
): Recorder {
  const notes: Note[] = [];
  const seen = new Set<string>();
  let joinedAtMs = Infinity;
  let isIn = false;
  return {
    history: { ...who, notes },
    joined(cursor, resumed) {
      joinedAtMs = machineMs();
      isIn = true;
      notes.push({ kind: "joined", cursor, resumed });
    },
    offline() {
      if (isIn) notes.push({ kind: "offline" });
      isIn = false;
    },
    resync(reason, { cursor, position } = {}) {
      notes.push({ kind: "resync", reason, cursor, position });
    },
    event({ id, atMs }, { cursor, position }) {
      notes.push({ kind: "event", id, cursor, position });
      if (seen.has(id)) return;
      seen.add(id);
      const tookMs = machineMs() - atMs;
      if (atMs > joinedAtMs) onDelivery({ publisher: id, tookMs, isEarly: cursor === undefined });
    },
    isIn: () => isIn,
    has: (id) => seen.has(id),
  };
}
