import { readFile, readdir, stat } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { messageOf, wrongUse } from "../failure.ts";
import { passed } from "./finding.ts";
import type { Finding } from "./finding.ts";
import { SCANNED, scanText } from "./scan-rules.ts";

const SOURCE = /\.(?:[cm]?[jt]s|[jt]sx)$/;
const NOT_OURS = new Set([
  "node_modules",
  "dist",
  "build",
  "coverage",
  "out",
  "vendor",
  "public",
  "test",
  "tests",
  "__tests__",
]);
const MOST_FILES = 10_000;
const MOST_BYTES = 1024 * 1024;

/** What was read. */
export interface Scan {
  readonly findings: readonly Finding[];
  readonly files: number;
}

/** Reads the source files of a folder, or one file. Rejects with a `CommandFailure` when there is none. */
export async function scanSource(folder: string, cwd: string): Promise<Scan> {
  const root = resolve(cwd, folder);
  const files = await filesIn(root).catch((error: unknown) => {
    throw wrongUse(`--scan ${folder}: ${messageOf(error)}.`);
  });
  const findings: Finding[] = [];
  for (const file of files) {
    const text = await readFile(file, "utf8");
    findings.push(...scanText(relative(cwd, file).split(sep).join("/"), text));
  }
  const found = new Set(findings.map(({ code }) => code));
  return {
    findings: [...findings, ...SCANNED.filter((code) => !found.has(code)).map((code) => passed(code))],
    files: files.length,
  };
}

/** Source files below a folder, without tests, what is not the application's own, links, and what is too large to be written by hand. */
async function filesIn(root: string): Promise<string[]> {
  if ((await stat(root)).isFile()) return [root];
  const found: string[] = [];
  const folders = [root];
  for (
    let folder = folders.pop();
    folder !== undefined && found.length < MOST_FILES;
    folder = folders.pop()
  ) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !NOT_OURS.has(entry.name) && !entry.name.startsWith(".")) folders.push(path);
      if (
        entry.isFile() &&
        SOURCE.test(entry.name) &&
        !/\.(?:test|spec)\./.test(entry.name) &&
        (await stat(path)).size <= MOST_BYTES
      )
        found.push(path);
    }
  }
  return found.sort();
}
