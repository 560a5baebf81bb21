import { LRUCache } from "lru-cache";
import { expect, test } from "vitest";
import { createS3Fifo } from "../../src/cache/s3-fifo.ts";
import { makeTraces } from "./traces.ts";
import type { Request } from "./traces.ts";

/** About a tenth of what all keys of a trace weigh. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Something that holds what it is given as long as it can. */
interface Memory {
  has(request: Request): boolean;
  take(request: Request): void;
}

function lru(): Memory {
  const cache = new LRUCache<string, number>({ maxSize: MAX_BYTES, sizeCalculation: (bytes) => bytes });
  return {
    has: ({ key }) => cache.get(key) !== undefined,
    take: ({ key, bytes }) => void cache.set(key, bytes),
  };
}

function s3Fifo(): Memory {
  const cache = createS3Fifo<number>({ maxBytes: MAX_BYTES, onEvict: () => undefined });
  return {
    has: ({ key }) => cache.get(key) !== undefined,
    take: ({ key, bytes }) => cache.set(key, bytes, bytes),
  };
}

/** The share of requests that the memory could answer. */
function hitRatio(memory: Memory, requests: readonly Request[]): number {
  let hits = 0;
  for (const request of requests) {
    if (memory.has(request)) hits++;
    else memory.take(request);
  }
  return hits / requests.length;
}

const traces = makeTraces(1);
const ratios = traces.map(({ name, requests }) => ({
  name,
  lru: hitRatio(lru(), requests),
  s3: hitRatio(s3Fifo(), requests),
}));

test.each(ratios)(
  "on $name S3-FIFO answers at most two points less than LRU: $s3 against $lru",
  ({ lru: least, s3 }) => {
    expect(s3).toBeGreaterThan(least - 0.02);
  },
);

test("over all traces S3-FIFO answers more than LRU, and where there are scans clearly more", () => {
  const mean = (of: "lru" | "s3"): number => ratios.reduce((sum, one) => sum + one[of], 0) / ratios.length;
  expect(mean("s3")).toBeGreaterThan(mean("lru"));
  const scans = ratios.find(({ name }) => name.includes("scans"))!;
  expect(scans.s3 - scans.lru).toBeGreaterThan(0.03);
});
