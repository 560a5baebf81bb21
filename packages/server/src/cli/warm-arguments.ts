import { parseArgs } from "node:util";
import { invalidOption } from "../base/check.ts";
import { durationMs } from "../base/duration.ts";
import type { Duration } from "../base/duration.ts";

/** What `livecache --help` prints. */
export const USAGE = `livecache warm --url <origin> [paths]    GET pages of a running application, so that its cache holds them

  --url <origin>        where the application answers, such as http://localhost:3000
  --paths <a,b>         paths to warm, such as /api/hostels,/api/rooms
  --list <file>         a file with one path a line; lines with # in front are skipped; - reads standard input
  --from-json <path>    a path of the application that answers a JSON list of paths
  --header <name:value> sent with every request; may be repeated, for cookies and tokens
  --concurrency <n>     requests under way at a time, 1 to 64. Default 4
  --timeout <duration>  how long to wait for one answer. Default 30s
  --every <duration>    again and again, with this pause, until it is stopped
  --json                prints each round as one line of JSON

Durations: 500ms, 30s, 5m, 1h, or short (1 min), medium (5 min), long (15 min), veryLong (1 h).
Exit code: 0, or 1 when a request of the last round failed, or 2 for wrong arguments.
`;

/** One `livecache warm`, read and checked. */
export interface WarmCommand {
  readonly origin: URL;
  readonly paths: readonly string[];
  readonly list: string | undefined;
  readonly fromJson: string | undefined;
  readonly headers: Headers;
  readonly concurrency: number;
  readonly timeoutMs: number;
  readonly everyMs: number | undefined;
  readonly json: boolean;
}

/**
 * Reads the arguments behind `livecache`. `"help"` was asked for, or nothing at all.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`, or an error of Node's own, saying which argument is wrong
 */
export function readArguments(argv: readonly string[]): WarmCommand | "help" {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      url: { type: "string" },
      paths: { type: "string", multiple: true, default: [] },
      list: { type: "string" },
      "from-json": { type: "string" },
      header: { type: "string", multiple: true, default: [] },
      concurrency: { type: "string", default: "4" },
      timeout: { type: "string", default: "30s" },
      every: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const [command, ...more] = positionals;
  if (values.help || command === undefined) return "help";
  if (command !== "warm") throw invalidOption("livecache", 'the command "warm"', command);
  const paths = [...more, ...values.paths.flatMap((given) => given.split(","))];
  if (paths.length === 0 && values.list === undefined && values["from-json"] === undefined) {
    throw invalidOption("livecache warm", "paths, --list or --from-json", undefined);
  }
  return {
    origin: readOrigin(values.url),
    paths,
    list: values.list,
    fromJson: values["from-json"],
    headers: readHeaders(values.header),
    concurrency: readConcurrency(values.concurrency),
    timeoutMs: durationMs("--timeout", values.timeout as Duration),
    everyMs: values.every === undefined ? undefined : durationMs("--every", values.every as Duration),
    json: values.json,
  };
}

function readOrigin(text: string | undefined): URL {
  const url = text !== undefined && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol)) {
    throw invalidOption("--url", "an address such as http://localhost:3000", text);
  }
  return url;
}

function readHeaders(lines: readonly string[]): Headers {
  const headers = new Headers();
  for (const line of lines) {
    const end = line.indexOf(":");
    try {
      headers.append(line.slice(0, Math.max(0, end)), line.slice(end + 1).trim());
    } catch {
      // The value may be a secret, so it is not repeated.
      throw invalidOption("--header", '"name: value"', `${line.slice(0, Math.max(0, end))}...`);
    }
  }
  return headers;
}

function readConcurrency(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > 64) {
    throw invalidOption("--concurrency", "a whole number from 1 to 64", text);
  }
  return count;
}
