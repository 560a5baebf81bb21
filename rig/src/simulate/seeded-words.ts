import { createRequire, syncBuiltinESMExports } from "node:module";
import { seededRandom } from "../random.ts";
import type { SeededRandom } from "../random.ts";

let random: SeededRandom | undefined;

/**
 * From now on the random words of this thread (ids of nodes, changes, entries, leases) come from a seed, so that a replay is equal to
 * the letter. For threads that do nothing but simulate.
 */
export function seedWords(seed: number): void {
  if (!random) replaceSources();
  random = seededRandom(seed ^ 0x77_6f_72_64);
}

function replaceSources(): void {
  const crypto = createRequire(import.meta.url)("node:crypto") as {
    randomBytes: unknown;
    randomInt: unknown;
  };
  crypto.randomBytes = (length: number): Uint8Array => {
    const bytes = Buffer.allocUnsafe(length);
    for (let at = 0; at < length; at++) bytes[at] = random!.integer(256);
    return bytes;
  };
  crypto.randomInt = (bound: number): number => random!.integer(bound);
  // The rooms have imported these names: their bindings follow.
  syncBuiltinESMExports();
}
