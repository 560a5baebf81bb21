import type { SendOptions } from "./wire.ts";

/** Where the first key of a script stands: behind its name or text, and the number of keys. */
const FIRST_KEY_OF_SCRIPT = 3;

/**
 * The key, or the sharded pub/sub channel, by which a command finds its server. All keys of one command are in one slot.
 *
 * @throws Error for a command of ours that names no key, and whose sender did not say `at` which key's server is meant
 */
export function keyOf(args: readonly (string | Buffer)[], options?: SendOptions): string | Buffer {
  if (options?.at !== undefined) return options.at;
  const command = args[0];
  const key = command === "EVALSHA" || command === "EVAL" ? args[FIRST_KEY_OF_SCRIPT] : args[1];
  if (key === undefined || command === "SCRIPT" || command === "SCAN") {
    throw new Error(`${String(command)} names no key, so no server of a cluster is meant by it`);
  }
  return key;
}
