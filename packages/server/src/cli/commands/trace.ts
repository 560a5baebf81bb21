import type { ChangeTrace, Trail } from "@livecache/wire";
import type { CliParts, Given } from "../cli-parts.ts";
import { CommandFailure, EXIT } from "../failure.ts";
import { openOperations } from "../operations-client.ts";
import type { OperationsClient } from "../operations-client.ts";
import { readWhole } from "../read-options.ts";
import { createPrinter } from "../terminal/printer.ts";
import type { Printer } from "../terminal/printer.ts";
import { counted, instant } from "../terminal/words.ts";
import { barOf, stepsOf } from "./trace-steps.ts";

/** Shows one change on all nodes, or lists the last changes. */
export async function run(parts: CliParts, given: Given): Promise<number> {
  const limit = readWhole("--limit", given.options["limit"], [1, 1_000]);
  const client = openOperations(parts, given);
  const printer = createPrinter(parts, given);
  const [changeId] = given.args;
  if (changeId === undefined) return list(client, { printer, limit });
  const trace = await client.get<ChangeTrace>("trace", { change: changeId });
  if (trace.nodes.length === 0) {
    throw new CommandFailure(
      EXIT.problem,
      "unknown-change",
      `No node remembers the change ${printer.safe(changeId)}: each remembers the last 1,000.`,
    );
  }
  if (printer.isJson) printer.json(trace);
  else show(trace, printer);
  return EXIT.fine;
}

async function list(
  client: OperationsClient,
  { printer, limit }: { printer: Printer; limit: number },
): Promise<number> {
  const { changes } = await client.get<{ changes: readonly Trail[] }>("changes", { limit });
  if (printer.isJson) {
    printer.json({ changes });
    return EXIT.fine;
  }
  if (changes.length === 0) printer.line("This node has heard of no change yet.");
  else {
    printer.table(
      [
        { title: "change" },
        { title: "when (UTC)" },
        { title: "told", align: "right" },
        { title: "tags", shrinks: true },
      ],
      changes.map((trail) => [trail.changeId, whenOf(trail), trail.told?.watchers ?? 0, tagsOf(trail)]),
    );
  }
  return EXIT.fine;
}

function whenOf({ write, appliedAtMs }: Trail): string {
  const atMs = write?.atMs ?? appliedAtMs;
  return atMs === undefined ? "" : instant(atMs);
}

function tagsOf({ tags, tagCount }: Trail): string {
  const more = tagCount - tags.length;
  return tags.join(", ") + (more > 0 ? ` and ${more} more` : "");
}

const BAR_CELLS = 24;

function show(trace: ChangeTrace, printer: Printer): void {
  const { bold, dim, safe, yellow, cyan } = printer;
  const steps = stepsOf(trace);
  const startMs = Math.min(...steps.map(({ atMs }) => atMs));
  const endMs = Math.max(...steps.map(({ atMs, ms }) => atMs + ms));
  const [first] = trace.nodes;
  printer.line(
    `${bold(`Change ${safe(trace.changeId)}`)}  ${dim(steps.length === 0 ? "" : `${instant(startMs)} UTC`)}`,
  );
  printer.line(`  ${counted(first!.tagCount, "tag")}: ${safe(tagsOf(first!))}`);
  printer.line();
  printer.table(
    [
      { title: "after", align: "right" },
      { title: "" },
      { title: "node", shrinks: true },
      { title: "what", shrinks: true },
    ],
    steps.map(({ atMs, ms, node, words }) => [
      `${Math.round(atMs + ms - startMs)} ms`,
      {
        text: barOf({ from: atMs - startMs, to: atMs + ms - startMs, of: endMs - startMs, cells: BAR_CELLS }),
        paint: cyan,
      },
      node,
      words,
    ]),
  );
  if (steps.length === 0) printer.line("  Nobody has seen anything of it yet: it waits for the ground.");
  for (const node of trace.missing) printer.line(`  ${yellow("!")} ${safe(node)} did not answer in time`);
}
