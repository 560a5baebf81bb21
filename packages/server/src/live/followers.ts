import { LiveError } from "@livecache/wire";
import type { EventMeta, ResyncFrame, ResyncReason } from "@livecache/wire";
import type { ChannelEvent } from "../ports/change-log.ts";
import type { Channels, Member } from "./channels.ts";
import { toMeta } from "./event-meta.ts";

/** What somebody who follows a channel on the server is told. */
export type Followed =
  | { readonly type: "event"; readonly name: string; readonly data: unknown; readonly meta: EventMeta }
  /** Events may be missing before this: reload what the channel tells about. */
  | { readonly type: "resync"; readonly reason: ResyncReason };

/** A channel's events, for `for await`. Ending the loop, or `close`, stops following. */
export interface Following extends AsyncIterableIterator<Followed> {
  /** Idempotent. */
  close(): void;
}

/** Most events that wait for a loop that does not take them; what is beyond is told as one `resync`. */
const MAX_WAITING = 1_000;

/** Those who follow channels on the server, not over a socket. */
export interface Followers {
  /** Follows from now on. Rejects as the ground does. */
  follow(channel: string): Promise<Following>;
  deliver(event: ChannelEvent): void;
}

/** Makes an empty set of followers. */
export function createFollowers(channels: Channels): Followers {
  const byChannel = new Map<string, Set<Queue>>();

  async function follow(channel: string): Promise<Following> {
    const hold = await channels.hold(channel);
    const queue = createQueue();
    const queues = byChannel.get(channel) ?? new Set();
    byChannel.set(channel, queues.add(queue));
    hold.enter(queue.member);
    const close = (): void => {
      if (!queues.delete(queue)) return;
      if (queues.size === 0 && byChannel.get(channel) === queues) byChannel.delete(channel);
      hold.release();
      queue.end();
    };
    return toIterator(queue, close);
  }

  return {
    follow,
    deliver(event) {
      for (const queue of byChannel.get(event.channel) ?? []) {
        queue.add({ type: "event", name: event.name, data: JSON.parse(event.body), meta: toMeta(event) });
      }
    },
  };
}

interface Queue {
  readonly member: Member;
  add(told: Followed): void;
  next(): Promise<IteratorResult<Followed>>;
  end(): void;
}

function createQueue(): Queue {
  let waiting: Followed[] = [];
  let taker: ((result: IteratorResult<Followed>) => void) | undefined;
  let ended = false;

  function add(told: Followed): void {
    if (taker) {
      taker({ done: false, value: told });
      taker = undefined;
    } else if (waiting.length < MAX_WAITING) waiting.push(told);
    else waiting = [{ type: "resync", reason: "overflow" }];
  }

  return {
    member: {
      enter: () => undefined,
      exit: () => undefined,
      resync: ({ reason }: ResyncFrame) => add({ type: "resync", reason }),
    },
    add,
    next() {
      const [first] = waiting.splice(0, 1);
      if (first) return Promise.resolve({ done: false, value: first });
      if (ended) return Promise.resolve({ done: true, value: undefined });
      if (taker) return Promise.reject(new LiveError("LIVE_INPUT_INVALID", "follow: one loop at a time."));
      return new Promise((resolve) => (taker = resolve));
    },
    end() {
      ended = true;
      waiting = [];
      taker?.({ done: true, value: undefined });
      taker = undefined;
    },
  };
}

function toIterator(queue: Queue, close: () => void): Following {
  const following: Following = {
    next: () => queue.next(),
    async return() {
      close();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => following,
    close,
  };
  return following;
}
