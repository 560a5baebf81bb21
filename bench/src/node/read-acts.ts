import { seededRandom } from "@livecache/rig";
import { percentile, shuffled } from "../measure/statistics.ts";
import type { Cell } from "./cell.ts";
import { heldBytes } from "./heap.ts";
import { keyOf, timeHits, timeLatencies } from "./timed.ts";
import type { ReadPlan } from "./timed.ts";

/** How many reads are on their way while a cache is filled. */
const FILL_CONCURRENCY = 128;

/** How often all is read until nothing had to be loaded: a store that came too late, on a machine that is busy, is made again. */
const FILL_PASSES = 4;

/** The acts of a contestant that only reads. */
export function createReadActs(cell: Cell) {
  const orders = new Map<number, readonly string[]>();

  /** The keys from 0 to `keys` - 1 in a mixed order that is the same in every process. */
  function orderOf(keys: number): readonly string[] {
    const inOrder = (): readonly string[] => Array.from({ length: keys }, (_, index) => keyOf(index));
    const order = orders.get(keys) ?? shuffled(inOrder(), seededRandom(keys).integer);
    orders.set(keys, order);
    return order;
  }

  async function readAll(from: number, to: number): Promise<void> {
    const { read } = cell.subject();
    let next = from;
    async function reader(): Promise<void> {
      while (next < to) await read(keyOf(next++));
    }
    await Promise.all(Array.from({ length: FILL_CONCURRENCY }, reader));
  }

  return {
    /** Reads keys `from` to `to` - 1 so that they are cached, and checks some of what comes back. */
    async fill(from: number, to: number) {
      for (let passes = 0; passes < FILL_PASSES; passes++) {
        const before = cell.origin().loads();
        await readAll(from, to);
        if (cell.origin().loads() === before) break;
      }
      for (const index of [from, (from + to) >> 1, to - 1]) await cell.check(keyOf(index));
    },
    hits: (plan: ReadPlan) => cell.hitting(() => timeHits(cell.subject().read, plan, orderOf(plan.keys))),
    latencies: (plan: ReadPlan) =>
      cell.hitting(() => timeLatencies(cell.subject().read, plan, orderOf(plan.keys))),
    /** Reads `count` keys, each for the first time and one after the other; answers microseconds. */
    async misses({ from, count }: { readonly from: number; readonly count: number }) {
      const { read } = cell.subject();
      const times: number[] = [];
      for (let index = from; index < from + count; index++) {
        const begunAtMs = performance.now();
        await read(keyOf(index));
        times.push((performance.now() - begunAtMs) * 1_000);
      }
      await cell.check(keyOf(from));
      return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
    },
    /** Bytes that `entries` entries cost this process, for each. */
    async memory(entries: number) {
      const { read } = cell.subject();
      await read("item:warm");
      const before = await heldBytes();
      await readAll(0, entries);
      const bytes = ((await heldBytes()) - before) / entries;
      const [loads, samples] = [cell.origin().loads(), Math.ceil(entries / 97)];
      for (let index = 0; index < entries; index += 97) await read(keyOf(index));
      const gone = cell.origin().loads() - loads;
      // On an overloaded machine a store may be refused now and then; it is no matter for a mean.
      if (gone > samples / 100) throw new Error(`void: ${gone} of ${samples} entries were not held`);
      return { bytes };
    },
    value: (key: string) => cell.subject().read(key),
    loads: () => cell.origin().loads(),
  };
}
