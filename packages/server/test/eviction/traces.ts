import { seededRandom } from "@livecache/rig";

/** One request of a trace. */
export interface Request {
  readonly key: string;
  readonly bytes: number;
}

/** A named run of requests, the same for the same seed. */
export interface Trace {
  readonly name: string;
  readonly requests: readonly Request[];
}

const KEYS = 20_000;
const LENGTH = 300_000;

/** How many bytes a key's value has: 0.5 to 4.5 KB, the same each time. */
function bytesOf(index: number): number {
  return 512 + ((index * 2_654_435_761) % 4_096);
}

/** Draws from a Zipf distribution over `KEYS` keys: the n-th most wanted is wanted n^-skew times as often as the first. */
function createZipf(skew: number, next: () => number): () => number {
  const sums = new Float64Array(KEYS);
  let total = 0;
  for (let rank = 0; rank < KEYS; rank++) sums[rank] = total += (rank + 1) ** -skew;
  return () => {
    const wanted = next() * total;
    let [low, high] = [0, KEYS - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle]! < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

const page = (index: number): Request => ({ key: `page:${index}`, bytes: bytesOf(index) });

function zipf(skew: number, seed: number): Request[] {
  const random = seededRandom(seed);
  const draw = createZipf(skew, () => random.next());
  return Array.from({ length: LENGTH }, () => page(draw()));
}

/** Every tenth stretch of requests goes once over keys that nobody asks for again: a report, a crawler, a warming. */
function zipfWithScans(seed: number): Request[] {
  const random = seededRandom(seed);
  const draw = createZipf(0.9, () => random.next());
  let scanned = 0;
  return Array.from({ length: LENGTH }, (_, at) => {
    if (Math.floor(at / 3_000) % 10 !== 9) return page(draw());
    scanned++;
    return { key: `report:${scanned}`, bytes: 1_024 };
  });
}

/** Which keys are wanted most moves on by a tenth of them every 30,000 requests. */
function shifting(seed: number): Request[] {
  const random = seededRandom(seed);
  const draw = createZipf(1, () => random.next());
  return Array.from({ length: LENGTH }, (_, at) => {
    const shift = Math.floor(at / 30_000) * (KEYS / 10);
    return page((draw() + shift) % KEYS);
  });
}

/** Goes round and round over somewhat more than fits. */
function loop(): Request[] {
  return Array.from({ length: LENGTH }, (_, at) => page(at % 2_000));
}

/** The traces that memories are measured on. */
export function makeTraces(seed: number): Trace[] {
  return [
    { name: "zipf 0.8", requests: zipf(0.8, seed) },
    { name: "zipf 1.0", requests: zipf(1, seed + 1) },
    { name: "zipf 1.2", requests: zipf(1.2, seed + 2) },
    { name: "zipf 0.9 with scans", requests: zipfWithScans(seed + 3) },
    { name: "shifting zipf 1.0", requests: shifting(seed + 4) },
    { name: "loop", requests: loop() },
  ];
}
