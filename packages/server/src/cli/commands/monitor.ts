import type { FeedLine, FeedReport } from "@livecache/wire";
import { sleep } from "../../base/clock.ts";
import type { CliParts, Given } from "../cli-parts.ts";
import { CommandFailure, EXIT } from "../failure.ts";
import { openOperations } from "../operations-client.ts";
import { listOf, readDuration, readWhole, textOf } from "../read-options.ts";
import { createPrinter } from "../terminal/printer.ts";
import type { Printer } from "../terminal/printer.ts";
import { cut } from "../terminal/table.ts";
import { timeOfDay } from "../terminal/words.ts";

const MOST_LINES = 1_000;

interface Wish {
  readonly kinds: readonly string[];
  readonly text: string | undefined;
  readonly everyMs: number;
  readonly last: number;
  readonly most: number;
}

/** Shows what happens, until it is stopped or has shown as many lines as were wanted. */
export async function run(parts: CliParts, given: Given): Promise<number> {
  const wish = readWish(given);
  const client = openOperations(parts, given);
  const printer = createPrinter(parts, given);
  const watch = createWatch(wish, printer);
  let cursor: string | undefined;
  let isAway = false;
  while (!parts.signal.aborted) {
    try {
      const page = await client.get<FeedReport>("feed", {
        after: cursor,
        limit: MOST_LINES,
        kinds: kindsOf(wish),
      });
      if (isAway) parts.err.write("here again\n");
      isAway = false;
      if (page.dropped > 0 && cursor !== undefined)
        parts.err.write(`${page.dropped} lines were lost: they came faster than they were asked for\n`);
      const isFirst = cursor === undefined;
      ({ cursor } = page);
      if (watch.take(page.lines, isFirst)) return EXIT.fine;
      // There is more already.
      if (!isFirst && page.lines.length >= MOST_LINES) continue;
    } catch (error) {
      if (parts.signal.aborted) return EXIT.fine;
      if (cursor === undefined || !isPassing(error)) throw error;
      if (!isAway) parts.err.write(`${error.message} Trying again.\n`);
      isAway = true;
    }
    await sleep(parts.clock, wish.everyMs, parts.signal);
  }
  return EXIT.fine;
}

/** Whether it may be over soon: a server that starts anew, and not one that refuses us. */
function isPassing(error: unknown): error is CommandFailure {
  return error instanceof CommandFailure && (error.code === "unreachable" || error.code.startsWith("http-5"));
}

function readWish({ options }: Given): Wish {
  const { count } = options;
  return {
    kinds: listOf(options["kind"]),
    text: textOf(options["text"])?.toLowerCase(),
    everyMs: readDuration("--every", options["every"]),
    last: readWhole("--last", options["last"], [0, MOST_LINES]),
    most: count === undefined ? Number.POSITIVE_INFINITY : readWhole("--count", count, [1, 1_000_000]),
  };
}

/** Parameter of the server: without one it tells all but hits and misses. */
function kindsOf({ kinds }: Wish): string | undefined {
  return kinds.length === 0 ? undefined : kinds.join(",");
}

/** Shows the lines that are wanted. */
function createWatch({ text, last, most }: Wish, printer: Printer) {
  let shown = 0;
  const isWanted = (line: FeedLine): boolean =>
    text === undefined ||
    `${line.words} ${line.node} ${JSON.stringify(line.details)}`.toLowerCase().includes(text);
  return {
    /** Answers whether enough was shown. */
    take(lines: readonly FeedLine[], isFirst: boolean): boolean {
      const wanted = lines.filter(isWanted);
      for (const line of isFirst ? wanted.slice(wanted.length - Math.min(last, wanted.length)) : wanted) {
        if (printer.isJson) printer.json(line);
        else printer.line(lineOf(line, printer));
        if (++shown >= most) return true;
      }
      return false;
    },
  };
}

function lineOf({ atMs, node, kind, words }: FeedLine, { width, dim, cyan, safe }: Printer): string {
  const [at, who, what] = [timeOfDay(atMs), cut(safe(node), 6), cut(safe(kind), 12).padEnd(12)];
  const room =
    width === undefined
      ? Number.POSITIVE_INFINITY
      : Math.max(10, width - at.length - who.length - what.length - 6);
  return `${dim(at)}  ${dim(who)}  ${cyan(what)}  ${cut(safe(words), room)}`;
}
