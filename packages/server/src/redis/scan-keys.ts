import type { KeyPage, KeyQuery } from "../ports/cache-store.ts";
import { damaged } from "./failure.ts";
import type { Keyspace } from "./keyspace.ts";
import type { Walk } from "./servers.ts";

/** Fewest and most keys that Redis looks at in one go: a page of one would walk the keyspace key by key, a large one would hold it. */
const LEAST_COUNT = 10;
const MOST_COUNT = 1_000;

/** Reads one page of the entries' names by SCAN, which never holds the server for long. */
export async function scanKeys(
  walk: Walk,
  keyspace: Keyspace,
  { prefix, after, limit }: KeyQuery,
): Promise<KeyPage> {
  const count = Math.min(MOST_COUNT, Math.max(LEAST_COUNT, limit));
  const step = walk(after);
  const query = ["SCAN", step.cursor, "MATCH", keyspace.entriesFrom(prefix), "COUNT", String(count)];
  const reply = await step.send(query);
  const [next, found] = reply as readonly [string, readonly string[]];
  if (typeof next !== "string" || !Array.isArray(found)) throw damaged("SCAN", reply);
  return { keys: found.map(keyspace.nameOf), next: step.after(next) };
}
