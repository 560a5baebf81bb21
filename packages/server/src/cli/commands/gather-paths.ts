import { readFile } from "node:fs/promises";
import { text as readText } from "node:stream/consumers";
import { LiveError } from "@livecache/wire";
import type { Visit } from "../../base/visit.ts";
import type { WarmCommand } from "./warm-arguments.ts";

/**
 * All addresses that a round visits, each once, in the order given. Rejects when a list cannot be read, and for an address of
 * another origin: the headers may hold a secret.
 */
export async function gatherPaths(command: WarmCommand, ask: (url: URL) => Promise<Visit>): Promise<URL[]> {
  const { origin, paths, list, fromJson } = command;
  const listed = list === undefined ? [] : await readList(list);
  const answered = fromJson === undefined ? [] : readJson(await ask(addressOf(fromJson, origin)));
  const urls = [...paths, ...listed, ...answered].map((path) => addressOf(path, origin));
  return [...new Map(urls.map((url) => [url.href, url])).values()];
}

async function readList(file: string): Promise<string[]> {
  const content = file === "-" ? await readText(process.stdin) : await readFile(file, "utf8");
  const lines = content.split(/\r?\n/).map((line) => line.trim());
  return lines.filter((line) => line !== "" && !line.startsWith("#"));
}

function readJson({ url, error, body }: Visit): string[] {
  if (error !== undefined) throw new Error(`--from-json ${url.href}: ${error}`);
  try {
    const paths: unknown = JSON.parse(Buffer.from(body).toString());
    if (Array.isArray(paths) && paths.every((path) => typeof path === "string")) return paths;
  } catch {
    // Falls through: what is no JSON is no list of paths either.
  }
  throw new Error(`--from-json ${url.href}: expected a JSON list of paths such as ["/api/hostels"].`);
}

function addressOf(path: string, origin: URL): URL {
  const url = URL.canParse(path, origin.href) ? new URL(path, origin) : undefined;
  if (url?.origin !== origin.origin) {
    throw new LiveError(
      "LIVE_INPUT_INVALID",
      `path ${JSON.stringify(path)}: expected a path of ${origin.origin} such as "/api/hostels".`,
    );
  }
  return url;
}
