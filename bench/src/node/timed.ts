import { percentile } from "../measure/statistics.ts";

/** Keys that are read in a fixed, mixed order. */
export interface ReadPlan {
  /** Keys are `<prefix><number>`, from 0 to `keys` - 1. */
  readonly keys: number;
  readonly ms: number;
  readonly concurrency?: number;
}

/** How often the clock is looked at: rarely enough that looking costs nothing beside what is measured. */
const BATCH = 500;

/** A key of the benchmark; all have one length. */
export function keyOf(index: number): string {
  return `item:${String(index).padStart(7, "0")}`;
}

/** Reads one after the other, each awaited, and answers how many a second. */
export async function timeHits(
  read: (key: string) => Promise<unknown>,
  { ms }: ReadPlan,
  order: readonly string[],
): Promise<{ readonly perSecond: number }> {
  const startedAt = performance.now();
  const endsAt = startedAt + ms;
  let done = 0;
  let at = 0;
  let now = startedAt;
  while (now < endsAt) {
    for (let i = 0; i < BATCH; i++) {
      await read(order[at]!);
      at = at + 1 === order.length ? 0 : at + 1;
    }
    done += BATCH;
    // A contestant that never leaves the microtask queue must not starve its own heartbeat either.
    if (done % (BATCH * 40) === 0) await new Promise((resolve) => setImmediate(resolve));
    now = performance.now();
  }
  return { perSecond: (done * 1_000) / (now - startedAt) };
}

/** What {@link timeLatencies} answers: times in microseconds. */
export interface Latencies {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/** Keeps `concurrency` reads on their way and times each. */
export async function timeLatencies(
  read: (key: string) => Promise<unknown>,
  { ms, concurrency = 1 }: ReadPlan,
  order: readonly string[],
): Promise<Latencies> {
  const times: number[] = [];
  const startedAt = performance.now();
  const endsAt = startedAt + ms;
  let at = 0;
  async function reader(): Promise<void> {
    for (let begunAt = performance.now(); begunAt < endsAt;) {
      const key = order[at]!;
      at = at + 1 === order.length ? 0 : at + 1;
      await read(key);
      const now = performance.now();
      times.push((now - begunAt) * 1_000);
      begunAt = now;
    }
  }
  await Promise.all(Array.from({ length: concurrency }, reader));
  const tookMs = performance.now() - startedAt;
  return {
    perSecond: (times.length * 1_000) / tookMs,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
  };
}
