import type { KeysReport } from "@livecache/wire";
import type { CliParts, Given } from "../cli-parts.ts";
import { EXIT } from "../failure.ts";
import { openOperations } from "../operations-client.ts";
import type { OperationsClient } from "../operations-client.ts";
import { readWhole } from "../read-options.ts";
import { createPrinter } from "../terminal/printer.ts";

/** Lists stored keys, one a line. */
export async function run(parts: CliParts, given: Given): Promise<number> {
  const limit = readWhole("--limit", given.options["limit"], [1, 1_000]);
  const [pattern = "*"] = given.args;
  const { keys, isWhole } = await findKeys(openOperations(parts, given), { pattern, limit });
  const printer = createPrinter(parts, given);
  if (printer.isJson) {
    printer.json({ pattern, limit, isWhole, keys });
    return EXIT.fine;
  }
  for (const key of keys) printer.line(printer.safe(key));
  if (keys.length === 0) parts.err.write(`no stored key matches ${printer.safe(pattern)}\n`);
  if (!isWhole) parts.err.write(`${keys.length} of more; --limit shows up to 1000\n`);
  return EXIT.fine;
}

/** Asks for pages until there are enough keys, or no more: a page may be short, or empty, and not be the last. */
async function findKeys(
  client: OperationsClient,
  { pattern, limit }: { readonly pattern: string; readonly limit: number },
): Promise<{ readonly keys: readonly string[]; readonly isWhole: boolean }> {
  const found = new Set<string>();
  let after: string | undefined;
  do {
    const page: KeysReport = await client.get("keys", { pattern, limit, after });
    for (const key of page.keys) found.add(key);
    after = page.next;
  } while (after !== undefined && found.size < limit);
  const isWhole = after === undefined && found.size <= limit;
  return { keys: [...found].slice(0, limit).sort(), isWhole };
}
