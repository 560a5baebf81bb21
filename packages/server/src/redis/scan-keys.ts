import type { KeyPage, KeyQuery } from "../ports/cache-store.ts";
import { damaged } from "./failure.ts";
import type { Keyspace } from "./keyspace.ts";
import type { Send } from "./wire.ts";

/** Fewest and most keys that Redis looks at in one go: a page of one would walk the keyspace key by key, a large one would hold it. */
const LEAST_COUNT = 10;
const MOST_COUNT = 1_000;

/** Reads one page of the entries' names by SCAN, which never holds the server for long. */
export async function scanKeys(
  send: Send,
  keyspace: Keyspace,
  { prefix, after = "0", limit }: KeyQuery,
): Promise<KeyPage> {
  const count = Math.min(MOST_COUNT, Math.max(LEAST_COUNT, limit));
  const reply = await send(["SCAN", after, "MATCH", keyspace.entriesFrom(prefix), "COUNT", String(count)]);
  const [next, found] = reply as readonly [string, readonly string[]];
  if (typeof next !== "string" || !Array.isArray(found)) throw damaged("SCAN", reply);
  return { keys: found.map(keyspace.nameOf), next: next === "0" ? undefined : next };
}
