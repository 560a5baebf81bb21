import type { CliParts, Given } from "../cli-parts.ts";
import { EXIT } from "../failure.ts";
import { openOperations } from "../operations-client.ts";
import { readWhole } from "../read-options.ts";
import { createPrinter } from "../terminal/printer.ts";

/** Lists stored keys, one a line. */
export async function run(parts: CliParts, given: Given): Promise<number> {
  const limit = readWhole("--limit", given.options["limit"], [1, 1_000]);
  const [pattern = "*"] = given.args;
  const { keys } = await openOperations(parts, given).get<{ keys: readonly string[] }>("keys", {
    pattern,
    limit,
  });
  const printer = createPrinter(parts, given);
  const sorted = [...keys].sort();
  if (printer.isJson) printer.json({ pattern, limit, keys: sorted });
  else for (const key of sorted) printer.line(printer.safe(key));
  if (!printer.isJson && keys.length === 0)
    parts.err.write(`no stored key matches ${printer.safe(pattern)}\n`);
  if (!printer.isJson && keys.length >= limit) parts.err.write(`the first ${limit}; --limit shows more\n`);
  return EXIT.fine;
}
