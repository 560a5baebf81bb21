import type { RedisProcess } from "./redis-process.ts";

/** A slot on its way to another primary. Call the steps in order; a test may stop between any two. */
export interface SlotMove {
  readonly slot: number;
  /** Both sides know. From here on, the old owner answers `ASK` for keys that it does not have. */
  begin(): Promise<void>;
  /** Moves at most so many keys, by default all that are there now; answers how many. */
  moveKeys(most?: number): Promise<number>;
  /** The slot belongs to its new owner, by the word of every primary that answers. Fails while keys are left. */
  finish(): Promise<void>;
}

interface Ends {
  readonly slot: number;
  readonly from: RedisProcess & { readonly id: string };
  readonly to: RedisProcess & { readonly id: string };
  readonly nodes: readonly RedisProcess[];
}

/** The steps in which a slot moves, as `redis-cli --cluster reshard` takes them. */
export function openSlotMove({ slot, from, to, nodes }: Ends): SlotMove {
  const setSlot = (node: RedisProcess, state: string, id: string) =>
    node.call("CLUSTER", "SETSLOT", `${slot}`, state, id);
  return {
    slot,
    async begin() {
      await setSlot(to, "IMPORTING", from.id);
      await setSlot(from, "MIGRATING", to.id);
    },
    async moveKeys(most = Number.MAX_SAFE_INTEGER) {
      let moved = 0;
      while (moved < most) {
        const count = `${Math.min(most - moved, 100)}`;
        const keys = (await from.call("CLUSTER", "GETKEYSINSLOT", `${slot}`, count)) as readonly string[];
        if (keys.length === 0) break;
        await from.call("MIGRATE", "127.0.0.1", `${to.port}`, "", "0", "2000", "KEYS", ...keys);
        moved += keys.length;
      }
      return moved;
    },
    async finish() {
      // The new owner first: while the old one still asks for it, it must not be nobody's.
      await setSlot(to, "NODE", to.id);
      await setSlot(from, "NODE", to.id);
      const others = nodes.filter((node) => node.port !== to.port && node.port !== from.port);
      // Replicas refuse, and learn it from their primary.
      await Promise.allSettled(others.map((node) => setSlot(node, "NODE", to.id)));
    },
  };
}
