import type { NodeReport, NodesReport } from "@livecache/wire";
import type { CliParts, Given } from "../cli-parts.ts";
import { EXIT } from "../failure.ts";
import { openOperations } from "../operations-client.ts";
import { createPrinter } from "../terminal/printer.ts";
import type { Printer } from "../terminal/printer.ts";
import type { Cell, Column } from "../terminal/table.ts";
import { counted, lasting, sized } from "../terminal/words.ts";

/** Shows every node. Resolves with 1 when one is missing, or its ground is away or should be otherwise. */
export async function run(parts: CliParts, given: Given): Promise<number> {
  const report = await openOperations(parts, given).get<NodesReport>("nodes");
  const printer = createPrinter(parts, given);
  const problems = problemsOf(report);
  const code = problems.length === 0 ? EXIT.fine : EXIT.problem;
  if (printer.isJson) {
    printer.json({ ok: problems.length === 0, problems, ...report });
    return code;
  }
  printer.line(sentenceOf(report, problems, printer));
  for (const problem of problems) printer.line(`  ${printer.yellow("!")} ${printer.safe(problem)}`);
  printer.line();
  printer.table(
    COLUMNS,
    report.nodes.map((node) => rowOf(node, printer, parts.clock.wall())),
  );
  return code;
}

const COLUMNS: readonly Column[] = [
  { title: "node", shrinks: true },
  { title: "up", align: "right" },
  { title: "ground" },
  { title: "hits", align: "right" },
  { title: "entries", align: "right" },
  { title: "sockets", align: "right" },
  { title: "watches", align: "right" },
  { title: "memory", align: "right" },
  { title: "position", shrinks: true },
  { title: "Node.js" },
];

function rowOf(node: NodeReport, { green, red }: Printer, nowMs: number): Cell[] {
  const { ground, cache, live, memory } = node;
  const isHere = ground.state === "here";
  return [
    node.node,
    lasting(Math.max(0, nowMs - node.startedAtMs)),
    { text: `${ground.kind} ${ground.state}`, paint: isHere ? green : red },
    cache.hits + cache.misses === 0 ? "–" : `${Math.round(cache.hitRatio * 100)} %`,
    cache.near.entries,
    live.connections,
    live.watches,
    sized(memory.rssBytes),
    node.applied ?? "–",
    node.nodeVersion,
  ];
}

function problemsOf({ nodes, missing }: NodesReport): string[] {
  const ofNodes = nodes.flatMap(({ node, ground, hasPending }) => [
    ...(ground.state === "away"
      ? [`${node}: ${ground.kind} is away since ${lasting(ground.forMs)}: ${ground.cause ?? "unknown"}`]
      : []),
    ...(hasPending ? [`${node}: changes wait for ${ground.kind}`] : []),
  ]);
  const advice = new Map(
    nodes.flatMap(({ ground }) =>
      ground.advice
        .filter(({ isWarning }) => isWarning)
        .map(({ code, what, fix }) => [code, `${ground.kind}: ${what}. To mend it: ${fix}`] as const),
    ),
  );
  return [...missing.map((node) => `${node} did not answer in time`), ...ofNodes, ...advice.values()];
}

function sentenceOf(
  { nodes, missing }: NodesReport,
  problems: readonly string[],
  { bold, green, yellow }: Printer,
): string {
  const there = `${nodes.length} of ${counted(nodes.length + missing.length, "node")}`;
  if (problems.length === 0) return `${green("●")} ${bold("All is well")}: ${there} answered.`;
  return `${yellow("●")} ${bold(counted(problems.length, "problem"))}: ${there} answered.`;
}
