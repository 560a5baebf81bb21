import type { ChangePreview } from "@livecache/wire";
import type { CliParts, Given } from "../cli-parts.ts";
import { EXIT, wrongUse } from "../failure.ts";
import { openOperations } from "../operations-client.ts";
import { listOf } from "../read-options.ts";
import { createPrinter } from "../terminal/printer.ts";
import type { Printer } from "../terminal/printer.ts";
import { counted, lasting } from "../terminal/words.ts";
import { readReason } from "./confirm.ts";

/** Makes a change, or shows what it would do. */
export async function run(parts: CliParts, given: Given): Promise<number> {
  const tags = listOf(given.options["tag"]);
  if (tags.length === 0) throw wrongUse("livecache change: say what has changed, with --tag <tag>.");
  const client = openOperations(parts, given);
  const printer = createPrinter(parts, given);
  if (given.options["dryRun"] === true) {
    const preview = await client.get<ChangePreview>("preview", { tag: tags });
    if (printer.isJson) printer.json({ dryRun: true, ...preview });
    else show(preview, printer);
    return EXIT.fine;
  }
  const reason = readReason(given);
  const made = await client.post<{ changeId: string; scope: string }>("change", { tags, reason });
  if (printer.isJson) {
    printer.json(made);
    return EXIT.fine;
  }
  const where =
    made.scope === "cluster"
      ? "on every node"
      : "on this node; the others hear of it when the ground is back";
  printer.line(
    `${printer.green("✓")} changed ${counted(tags.length, "tag")} ${where}: ${printer.bold(printer.safe(made.changeId))}`,
  );
  printer.line(printer.dim(`  livecache trace ${printer.safe(made.changeId)} shows what became of it`));
  return EXIT.fine;
}

function show({ tags, nodes, missing }: ChangePreview, printer: Printer): void {
  const sum = (of: "entries" | "loadMs" | "queries" | "watchers"): number =>
    nodes.reduce((total, node) => total + node[of], 0);
  const { bold, dim, safe } = printer;
  printer.line(`${bold("Would change")} ${safe(tags.join(", "))}`);
  printer.line(
    `  ${counted(sum("entries"), "entry", "entries")} in memory would be void, about ${lasting(sum("loadMs"))} of loading; ` +
      `${counted(sum("watchers"), "screen")} would be told.`,
  );
  printer.line();
  const number = (title: string) => ({ title, align: "right" }) as const;
  printer.table(
    [
      { title: "node", shrinks: true },
      number("entries"),
      number("loading"),
      number("live queries"),
      number("screens"),
    ],
    nodes.map(({ node, entries, loadMs, queries, watchers }) => [
      node,
      entries,
      lasting(loadMs),
      queries,
      watchers,
    ]),
  );
  for (const node of missing) printer.line(`  ${printer.yellow("!")} ${safe(node)} did not answer in time`);
  printer.line(dim("Nothing was changed. What only the ground holds is not counted."));
}
