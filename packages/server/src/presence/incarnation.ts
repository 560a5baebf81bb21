import type { Clock } from "../base/clock.ts";
import { randomWord } from "../base/ids.ts";
import type { Tasks } from "../base/tasks.ts";
import type { PresenceStore, RenewReply } from "../ports/presence-store.ts";

/** What an incarnation needs from its surroundings. */
export interface IncarnationParts {
  readonly store: Pick<PresenceStore, "renew" | "reap" | "keep">;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly signal: AbortSignal;
  /** A new incarnation lives, and nothing has been said as it: everything is to be said. */
  readonly onBegun: () => void;
  /** Whether all that was said is written. */
  readonly isDone: () => boolean;
  /** The channels that this node speaks of. */
  readonly channels: () => Iterable<string>;
}

/**
 * The life of this node in the eyes of the others: a lease that is renewed, and taken anew under another name when it has ended. While it
 * lives it removes what incarnations that have ended left behind.
 */
export interface Incarnation {
  /** The name under which this node speaks; nothing while it has no lease. */
  name(): string | undefined;
  /** Begins, with the first user; once is enough. */
  begin(): void;
  /** Asks the ground at once, and not when it is time. */
  wake(): void;
  /** The ground says that an incarnation has ended. */
  end(name: string): void;
}

/** A node that is killed is gone after this, at the latest: its lease ends, and another one is woken for that moment. */
const LEASE_MS = 2_500;

const RENEW_EVERY_MS = 1_000;
const RETRY_MS = 250;

/** A little later than the lease that ends then. */
const AFTER_END_MS = 3;

/** How often what was said is kept for longer, and how many channels at a time. */
const KEEP_EVERY_MS = 3_600_000;
const KEPT_AT_ONCE = 100;

/** Names of its own that a node remembers. */
const REMEMBERED = 100;

/** Makes an incarnation that has not begun. */
export function createIncarnation(parts: IncarnationParts): Incarnation {
  const { store, clock, tasks, signal, onBegun, isDone } = parts;
  let candidate = randomWord(16);
  let name: string | undefined;
  let begun = false;
  let keptMs = clock.now();
  const pause = createPause(clock, signal);
  /** Names that this node has had. What was said under them is removed only when it is said again under the new one. */
  const former: string[] = [];

  function lose(): void {
    if (name !== undefined) former.unshift(name);
    former.splice(REMEMBERED);
    name = undefined;
    candidate = randomWord(16);
  }

  async function reapAll(ended: string): Promise<void> {
    try {
      while (!signal.aborted && !(await store.reap(ended)));
    } catch {
      // Whoever renews next is told of it again.
    }
  }

  function reap(dead: readonly string[]): void {
    for (const ended of dead) {
      if (!former.includes(ended) || isDone()) tasks.track(reapAll(ended));
    }
  }

  /** One renewal. Answers how long to pause. */
  async function renew(): Promise<number> {
    const asked = candidate;
    const reply: RenewReply = await store.renew({
      incarnation: asked,
      begins: name === undefined,
      leaseMs: LEASE_MS,
    });
    if (!reply.alive || asked !== candidate) {
      const wasNew = name === undefined;
      if (asked === candidate) lose();
      return wasNew ? RETRY_MS : 0;
    }
    if (name === undefined) {
      name = asked;
      onBegun();
    }
    reap(reply.dead);
    if (clock.now() - keptMs > KEEP_EVERY_MS) {
      keptMs = clock.now();
      // Should this fail, it is tried again in an hour, and there are many of those in a day.
      tasks.track(keepAll(parts, asked).catch(() => undefined));
    }
    return Math.min(RENEW_EVERY_MS, (reply.nextEndMs ?? RENEW_EVERY_MS) + AFTER_END_MS);
  }

  async function run(): Promise<void> {
    while (!signal.aborted) await pause.take(await renew().catch(() => RETRY_MS));
  }

  return {
    name: () => name,
    begin() {
      if (begun || signal.aborted) return;
      begun = true;
      keptMs = clock.now();
      tasks.track(run());
    },
    wake: pause.end,
    end(ended) {
      if (ended !== name) return;
      lose();
      pause.end();
    },
  };
}

async function keepAll({ store, channels }: IncarnationParts, said: string): Promise<void> {
  const all = [...channels()];
  for (let from = 0; from < all.length; from += KEPT_AT_ONCE) {
    await store.keep(said, all.slice(from, from + KEPT_AT_ONCE));
  }
}

interface Pause {
  take(ms: number): Promise<void>;
  /** Ends the pause that is taken now, if there is one. */
  end(): void;
}

/** Makes pauses that can be ended, and end when the node closes. */
function createPause(clock: Clock, signal: AbortSignal): Pause {
  let end = (): void => undefined;
  signal.addEventListener("abort", () => end(), { once: true });
  return {
    take: (ms) =>
      new Promise((resolve) => {
        const cancel = clock.after(ms, resolve);
        end = () => {
          cancel();
          resolve();
        };
        if (signal.aborted) end();
      }),
    end: () => end(),
  };
}
