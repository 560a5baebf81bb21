import { isLiveError } from "livecache";
import type { ChangeResult } from "livecache";
import { machineMs } from "../machine-ms.ts";
import { seededRandom } from "../random.ts";
import type { Item } from "./traffic.ts";

/** What a publisher has done since it was asked last. */
export interface PublisherShare {
  /** What it meant to publish: `[event, channel number]`. */
  readonly meant: readonly (readonly [id: string, channel: number])[];
  /** What the log has taken: `[event, position]`. */
  readonly acked: readonly (readonly [id: string, position: string])[];
  /** How many wait in its journal, or were refused. */
  readonly pending: number;
  readonly refused: Readonly<Record<string, number>>;
}

/** What a publisher works with. */
export interface PublisherParts {
  readonly name: string;
  readonly seed: number;
  readonly channels: number;
  readonly publish: (channel: number, item: Item) => Promise<ChangeResult>;
}

/** Publishes numbered events to channels chosen at random, and keeps account of what became of each. */
export interface Publisher {
  start(eventsPerSecond: number): void;
  /** Resolves when all that was begun has an outcome. */
  stop(): Promise<void>;
  /** Publishes one event to each channel, again until the log has taken it; answers the events that it has taken. */
  publishToAll(withinMs: number): Promise<readonly string[]>;
  take(): PublisherShare;
}

/** How often events are published. */
const EVERY_MS = 10;

/** Makes a publisher that rests. */
export function createPublisher({ name, seed, channels, publish }: PublisherParts): Publisher {
  const random = seededRandom([...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), seed));
  let timer: NodeJS.Timeout | undefined;
  let count = 0;
  let share = emptyShare();
  const flying = new Set<Promise<string | undefined>>();

  async function send(channel: number): Promise<string | undefined> {
    const id = `${name}-${++count}`;
    share.meant.push([id, channel]);
    try {
      const { position } = await publish(channel, { id, atMs: machineMs() });
      if (position) share.acked.push([id, `${position.epoch}.${position.seq}`]);
      else share.pending++;
      return position ? id : undefined;
    } catch (error) {
      const code = isLiveError(error) ? error.code : String(error);
      share.refused[code] = (share.refused[code] ?? 0) + 1;
      return undefined;
    }
  }

  function begin(channel: number): void {
    const sent = send(channel).finally(() => flying.delete(sent));
    flying.add(sent);
  }

  async function publishTo(channel: number, endsAtMs: number): Promise<string> {
    for (let pauseMs = 5; machineMs() < endsAtMs; pauseMs = Math.min(pauseMs * 2, 200)) {
      const id = await send(channel);
      if (id !== undefined) return id;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    throw new Error(`${name}: the log took no event for channel ${channel}`);
  }

  return {
    start(eventsPerSecond) {
      const startedAtMs = machineMs();
      let begun = 0;
      timer = setInterval(() => {
        const due = Math.floor(((machineMs() - startedAtMs) * eventsPerSecond) / 1_000);
        // After a stall of the process nothing is made up for.
        const burst = Math.min(due - begun, Math.ceil(eventsPerSecond / 10));
        for (let sent = 0; sent < burst; sent++) begin(random.integer(channels));
        begun = due;
      }, EVERY_MS);
    },
    async stop() {
      clearInterval(timer);
      await Promise.all(flying);
    },
    async publishToAll(withinMs) {
      const endsAtMs = machineMs() + withinMs;
      return Promise.all(Array.from({ length: channels }, (_, channel) => publishTo(channel, endsAtMs)));
    },
    take() {
      const taken = share;
      share = emptyShare();
      return taken;
    },
  };
}

function emptyShare() {
  return {
    meant: [] as [string, number][],
    acked: [] as [string, string][],
    pending: 0,
    refused: {} as Record<string, number>,
  };
}
