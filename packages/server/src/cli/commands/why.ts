import type { KeyReport, KeyView } from "@livecache/wire";
import type { CliParts, Given } from "../cli-parts.ts";
import { EXIT } from "../failure.ts";
import { openOperations } from "../operations-client.ts";
import { createPrinter } from "../terminal/printer.ts";
import type { Printer } from "../terminal/printer.ts";
import { counted, lasting, sized, timeOfDay } from "../terminal/words.ts";

/** Shows what every node knows of a key. */
export async function run(parts: CliParts, given: Given): Promise<number> {
  const report = await openOperations(parts, given).get<KeyReport & { readonly value?: string }>("key", {
    key: given.args[0],
  });
  const printer = createPrinter(parts, given);
  if (printer.isJson) {
    printer.json(report);
    return EXIT.fine;
  }
  printer.line(printer.bold(printer.safe(report.key)));
  for (const view of report.nodes) showNode(view, printer);
  if (report.value !== undefined) {
    printer.title("Value");
    printer.line(`  ${printer.safe(report.value)}`);
  }
  for (const node of report.missing)
    printer.line(`  ${printer.yellow("!")} ${printer.safe(node)} did not answer in time`);
  return EXIT.fine;
}

interface Entry {
  readonly state: string;
  readonly ttlLeftMs: number;
  readonly ageMs: number;
  readonly bytes: number;
  readonly position: string;
  readonly tags: readonly string[];
}

interface Past {
  readonly type?: unknown;
  readonly reason?: unknown;
  readonly atMs?: unknown;
  readonly ms?: unknown;
}

function showNode(view: { readonly node: string } & KeyView, printer: Printer): void {
  printer.title(`Node ${printer.safe(view.node)}`);
  printer.line(`  ${printer.safe(view.explanation)}`);
  printer.table(
    [{ title: "" }, { title: "" }, { title: "", shrinks: true }],
    [
      ["", "memory", placeOf(view.near)],
      ["", "ground", placeOf(view.far)],
      ["", "pattern", view.pattern],
    ],
  );
  for (const past of view.last as readonly Past[])
    printer.line(`  ${printer.dim(printer.safe(pastOf(past)))}`);
}

function placeOf(place: unknown): string {
  if (typeof place === "string") return place;
  const { state, ttlLeftMs, ageMs, bytes, position, tags } = place as Entry;
  const left = ttlLeftMs > 0 ? `${lasting(ttlLeftMs)} left` : "TTL over";
  const named = tags.length === 0 ? "no tags" : `${counted(tags.length, "tag")}: ${tags.join(", ")}`;
  return `${state}, ${lasting(ageMs)} old, ${left}, ${sized(bytes)}, at ${position}, ${named}`;
}

function pastOf({ type, reason, atMs, ms }: Past): string {
  const at = typeof atMs === "number" ? timeOfDay(atMs) : "";
  const took = typeof ms === "number" ? ` in ${lasting(ms)}` : "";
  return [at, type, reason].filter((part) => typeof part === "string" && part !== "").join("  ") + took;
}
