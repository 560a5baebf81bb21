import { isDeepStrictEqual } from "node:util";
import { seededRandom } from "@livecache/rig";
import { percentile, shuffled } from "../measure/statistics.ts";
import { ROSTER } from "../subject/roster.ts";
import type { SubjectName } from "../subject/roster.ts";
import type { Subject, Tier } from "../subject/subject.ts";
import { follow, machineNowMs } from "./follower.ts";
import type { Follower } from "./follower.ts";
import { heldBytes } from "./heap.ts";
import { openOrigin } from "./origin.ts";
import type { Origin } from "./origin.ts";
import { keyOf, timeHits, timeLatencies } from "./timed.ts";
import type { ReadPlan } from "./timed.ts";

/** What a contestant's process is told first. */
export interface OpenSetting {
  readonly name: SubjectName;
  readonly tier: Tier;
  readonly redisUrl: string;
  readonly tags: readonly string[];
  readonly entries: number;
  readonly valueBytes: number;
  /** With a number, loads take so long, and are counted and versioned in Redis. */
  readonly loadMs?: number;
}

/** How many reads are on their way while a cache is filled. */
const FILL_CONCURRENCY = 128;

/** What the process of a contestant can be asked to do. All that is answered can cross a process boundary. */
export function createSubjectActs() {
  let subject: Subject | undefined;
  let origin: Origin | undefined;
  let follower: Follower | undefined;
  const orders = new Map<number, readonly string[]>();

  const parts = (): { subject: Subject; origin: Origin } => {
    if (!subject || !origin) throw new Error("the contestant is not open");
    return { subject, origin };
  };

  /** The keys from 0 to `keys` - 1 in a mixed order that is the same in every process. */
  function orderOf(keys: number): readonly string[] {
    const made =
      orders.get(keys) ??
      shuffled(
        Array.from({ length: keys }, (_, i) => keyOf(i)),
        seededRandom(keys).integer,
      );
    orders.set(keys, made);
    return made;
  }

  /** Runs `work` and throws when a value had to be loaded meanwhile: what was timed were no hits then. */
  async function hitting<T>(work: () => Promise<T>): Promise<T> {
    const { origin: its } = parts();
    const before = its.loads();
    const answer = await work();
    const loads = its.loads() - before;
    if (loads > 0) throw new Error(`void: ${loads} reads went to the origin while hits were timed`);
    return answer;
  }

  return {
    async open({ name, tier, tags, entries, ...rest }: OpenSetting) {
      origin = await openOrigin(rest);
      subject = await ROSTER[name]({ tier, tags, entries, redisUrl: rest.redisUrl, load: origin.load });
    },
    /** Reads keys `from` to `to` - 1 so that they are cached, and checks some of what comes back. */
    async fill(from: number, to: number) {
      const { subject: its } = parts();
      let next = from;
      async function filler(): Promise<void> {
        while (next < to) {
          const key = keyOf(next++);
          await its.read(key);
        }
      }
      await Promise.all(Array.from({ length: FILL_CONCURRENCY }, filler));
      for (const index of [from, (from + to) >> 1, to - 1]) await check(keyOf(index));
    },
    hits: (plan: ReadPlan) => hitting(() => timeHits(parts().subject.read, plan, orderOf(plan.keys))),
    latencies: (plan: ReadPlan) =>
      hitting(() => timeLatencies(parts().subject.read, plan, orderOf(plan.keys))),
    /** Reads `count` keys, each for the first time and one after the other; answers microseconds. */
    async misses({ from, count }: { readonly from: number; readonly count: number }) {
      const times: number[] = [];
      for (let index = from; index < from + count; index++) {
        const begunAt = performance.now();
        await parts().subject.read(keyOf(index));
        times.push((performance.now() - begunAt) * 1_000);
      }
      return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
    },
    /** Lets many callers ask for one key in one turn; answers how long the last of them waited. */
    async burst({ key, callers }: { readonly key: string; readonly callers: number }) {
      const { subject: its, origin: from } = parts();
      const begunAt = performance.now();
      const values = await Promise.all(Array.from({ length: callers }, () => its.read(key)));
      const ms = performance.now() - begunAt;
      const expected = from.expected(key);
      if (!values.every((value) => value === values[0] || isDeepStrictEqual(value, expected)))
        throw new Error("void: a caller got a wrong value");
      if (!isDeepStrictEqual(values[0], expected)) throw new Error("void: callers got a wrong value");
      return { ms };
    },
    async changeTag(tag: string) {
      const { subject: its } = parts();
      if (!its.changeTag) throw new Error("it has no tags");
      const begunAt = performance.now();
      await its.changeTag(tag);
      return { ms: performance.now() - begunAt };
    },
    /** From now on reads one key all the time; `seen` tells what came of it. */
    follow(key: string) {
      follower = follow(() => parts().subject.read(key));
    },
    unfollow: () => follower?.stop(),
    seen: (version: number, withinMs: number) => follower!.seen(version, withinMs),
    /** Renews the origin's value of a key, voids the key, or the tag, everywhere, and answers when that had resolved. */
    async change({ key, tag }: { readonly key: string; readonly tag?: string }) {
      const { subject: its, origin: from } = parts();
      const version = await from.renew(key);
      await (tag === undefined ? its.changeKey!(key) : its.changeTag!(tag));
      return { version, resolvedAtMs: machineNowMs() };
    },
    /** Bytes that `entries` entries cost this process, for each. */
    async memory(entries: number) {
      const before = await heldBytes();
      const { subject: its } = parts();
      for (let index = 0; index < entries; index++) await its.read(keyOf(index));
      const bytes = ((await heldBytes()) - before) / entries;
      await hitting(async () => {
        for (let index = 0; index < entries; index += 97) await its.read(keyOf(index));
      });
      return { bytes };
    },
    value: (key: string) => parts().subject.read(key),
    loads: () => parts().origin.loads(),
    async close() {
      follower?.stop();
      await subject?.close();
      origin?.close();
    },
  };

  async function check(key: string): Promise<void> {
    const { subject: its, origin: from } = parts();
    const found = await its.read(key);
    const value = typeof found === "string" ? JSON.parse(found) : found;
    if (!isDeepStrictEqual(value, from.expected(key)))
      throw new Error(`void: ${key} came back with another value`);
  }
}
