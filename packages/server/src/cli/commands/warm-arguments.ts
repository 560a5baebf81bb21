import { invalidOption } from "../../base/check.ts";
import type { Given } from "../cli-parts.ts";
import { listOf, readDuration, readHeaders, readHttpUrl, readWhole, textOf } from "../read-options.ts";

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
 * Reads what stands behind `livecache warm`.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` saying which argument is wrong
 */
export function readWarmCommand({ rest, options }: Given): WarmCommand {
  const paths = [...rest, ...listOf(options["paths"]).flatMap((given) => given.split(","))];
  const list = textOf(options["list"]);
  const fromJson = textOf(options["fromJson"]);
  if (paths.length === 0 && list === undefined && fromJson === undefined) {
    throw invalidOption("livecache warm", "paths, --list or --from-json", undefined);
  }
  return {
    origin: readHttpUrl("--url", options["url"], "http://localhost:3000"),
    ...{ paths, list, fromJson },
    headers: readHeaders(listOf(options["header"])),
    concurrency: readWhole("--concurrency", options["concurrency"], [1, 64]),
    timeoutMs: readDuration("--timeout", options["timeout"]),
    everyMs: options["every"] === undefined ? undefined : readDuration("--every", options["every"]),
    json: options["json"] === true,
  };
}
