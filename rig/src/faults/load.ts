import { machineMs } from "../machine-ms.ts";
import type { CacheLoad } from "./cache-load.ts";
import { createLimitLoad } from "./limit-load.ts";
import { createSessionLoad } from "./session-load.ts";
import type { LoadParts } from "./load-parts.ts";
import type { Place } from "./site.ts";
import { createTokenLoad } from "./token-load.ts";
import type { TokenLoad } from "./token-load.ts";

/** Requests to all nodes, one after the other at a steady rate. */
export interface Load {
  readonly tokens: TokenLoad;
  start(): void;
  /** Resolves when all that was begun is over. */
  stop(): Promise<void>;
}

/** Of 100 requests. */
const SHARES = { write: 10, revoke: 1, check: 12, session: 9, take: 12 };
const EVERY_MS = 10;
/** A node that does not answer is not asked more. */
const MOST_IN_FLIGHT = 60;

/** Makes the load, of so many requests a second. */
export function createLoad(parts: LoadParts, cache: CacheLoad, perSecond: number): Load {
  const { site, random, asker } = parts;
  const tokens = createTokenLoad(parts);
  const sessions = createSessionLoad(parts);
  const limits = createLimitLoad(parts);
  const flying = new Set<Promise<unknown>>();
  let timer: NodeJS.Timeout | undefined;

  function act(place: Place): Promise<unknown> {
    let drawn = random.integer(100);
    const is = (share: number): boolean => (drawn -= share) < 0;
    if (is(SHARES.write)) return cache.write(place);
    if (is(SHARES.revoke)) return tokens.revoke(place);
    if (is(SHARES.check)) return tokens.check(place);
    if (is(SHARES.session)) return sessions.act(place);
    if (is(SHARES.take)) return limits.take(place);
    return cache.read(place);
  }

  function begin(): void {
    const place = random.pick(site.places);
    if (asker.inFlight(place) >= MOST_IN_FLIGHT) return;
    const acted = act(place).finally(() => flying.delete(acted));
    flying.add(acted);
  }

  return {
    tokens,
    start() {
      const startedAtMs = machineMs();
      let begun = 0;
      timer = setInterval(() => {
        const due = Math.floor(((machineMs() - startedAtMs) * perSecond) / 1_000);
        // After a stall of this process nothing is made up for.
        const burst = Math.min(due - begun, Math.ceil(perSecond / 20));
        for (let count = 0; count < burst; count++) begin();
        begun = due;
      }, EVERY_MS);
    },
    async stop() {
      clearInterval(timer);
      await Promise.all(flying);
    },
  };
}
