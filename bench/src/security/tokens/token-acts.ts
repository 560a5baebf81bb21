import { seededRandom, until } from "@livecache/rig";
import { createProfiler } from "../../node/profiler.ts";
import { heldBytes } from "../../node/heap.ts";
import { heldRss } from "../../realtime/server/held-rss.ts";
import { REVOKED } from "./roster.ts";
import type { RevokedName } from "./roster.ts";
import type { Revoked, Shown } from "./revoked.ts";
import { ownerOf, tokenIdOf, tokenOf } from "./token-id.ts";

/** How many revocations are on their way while a set is filled. */
const FILL_CONCURRENCY = 64;
/** How often one is tried. */
const MOST_TRIES = 5;
/** Longer than any run. */
const LIFETIME_MS = 24 * 3_600_000;
/** Ids from here on are never revoked. */
const NEVER_REVOKED = 2 ** 31;

/** Memory of a process, in bytes. */
export interface Held {
  /** Resident. */
  readonly rss: number;
  /** On the heap and off it, array buffers included. */
  readonly heap: number;
  readonly peak: number;
}

/** What is to be timed. */
export interface CheckPlan {
  readonly revoked: number;
  readonly checks: number;
  /** With the whole token beside its claims, as a guard that has it in hand. */
  readonly withToken: boolean;
  readonly seed: number;
}

/** Bytes that this process holds after everything that can be collected was, and the most that it ever held. */
async function held(): Promise<Held> {
  const heap = await heldBytes();
  return { rss: await heldRss(), heap, peak: process.resourceUsage().maxRSS * 1_024 };
}

/** What the process of a set of revoked tokens can be asked to do. */
export function createTokenActs() {
  let open: Revoked | undefined;
  const set = (): Revoked => {
    if (!open) throw new Error("the set is not open");
    return open;
  };

  async function untilKnown(count: number): Promise<void> {
    await until(() => set().size() >= count, {
      what: `${count} revoked tokens are known here`,
      withinMs: 120_000,
    });
  }

  return {
    ...createProfiler(),
    async open(name: string, redisUrl: string): Promise<void> {
      await open?.close();
      open = await REVOKED[name as RevokedName](redisUrl);
    },
    /** Revokes tokens `from` to `to` - 1. */
    async fill(from: number, to: number): Promise<void> {
      const expiresAtMs = Date.now() + LIFETIME_MS;
      let next = from;
      async function worker(): Promise<void> {
        while (next < to) await revokeSurely(set(), tokenIdOf(next++), expiresAtMs);
      }
      await Promise.all(Array.from({ length: FILL_CONCURRENCY }, worker));
    },
    untilKnown,
    /** Opens the set anew and resolves with the seconds until it knows so many. */
    async load(name: string, redisUrl: string, count: number): Promise<{ readonly seconds: number }> {
      await open?.close();
      const startedAt = performance.now();
      open = await REVOKED[name as RevokedName](redisUrl);
      await untilKnown(count);
      return { seconds: (performance.now() - startedAt) / 1_000 };
    },
    check: (plan: CheckPlan) => timeChecks(set(), plan),
    held,
    async close(): Promise<void> {
      await open?.close();
    },
  };
}

/** Filling is no measurement: what a busy machine does not answer in time is asked again. */
async function revokeSurely(set: Revoked, jti: string, expiresAtMs: number): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await set.revoke(jti, expiresAtMs);
      return;
    } catch (error) {
      if (tries === MOST_TRIES) throw error;
    }
  }
}

/** Requests with fresh strings, in no order. */
function shownBy({ checks, withToken }: CheckPlan, indexOf: () => number): Shown[] {
  const iat = Math.floor(Date.now() / 1_000);
  return Array.from({ length: checks }, () => {
    const index = indexOf();
    const claims = { jti: tokenIdOf(index), sub: ownerOf(index), iat };
    return withToken ? { jti: claims.jti, token: tokenOf(index), sub: claims.sub, iat } : claims;
  });
}

async function timeChecks(
  set: Revoked,
  plan: CheckPlan,
): Promise<{ readonly hitNs: number; readonly missNs: number }> {
  const { integer } = seededRandom(plan.seed);
  const hits = shownBy(plan, () => integer(plan.revoked));
  const misses = shownBy(plan, () => NEVER_REVOKED + integer(2 ** 30));
  const [hitNs, missNs] = [await timeOne(set, hits, true), await timeOne(set, misses, false)];
  return { hitNs, missNs };
}

/** Nanoseconds for each check; void when one says anything else than it has to. */
async function timeOne({ check }: Revoked, shown: readonly Shown[], expected: boolean): Promise<number> {
  const isAsync = check(shown[0]!) instanceof Promise;
  let right = 0;
  const startedAt = process.hrtime.bigint();
  if (isAsync) for (const one of shown) right += (await check(one)) === expected ? 1 : 0;
  else for (const one of shown) right += check(one) === expected ? 1 : 0;
  const ns = Number(process.hrtime.bigint() - startedAt) / shown.length;
  if (right !== shown.length)
    throw new Error(`void: ${shown.length - right} of ${shown.length} checks said ${String(!expected)}`);
  return ns;
}

/** How many are revoked in one act: a whole million takes longer than an act may. */
const CHUNK = 50_000;

/** Revokes so many tokens. */
export async function fillAll(
  { fill }: { readonly fill: (from: number, to: number) => Promise<void> },
  count: number,
): Promise<void> {
  for (let from = 0; from < count; from += CHUNK) await fill(from, Math.min(count, from + CHUNK));
}
