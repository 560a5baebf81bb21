import { readFile } from "node:fs/promises";

const HERE = new URL("./", import.meta.url);

/** The files of the application. */
export const FILES = ["server.js", "web/index.html", "web/page.js"];

/** One file of the application, before or after Livecache was added to it. */
export function readVersion(version: "before" | "after", file: string): Promise<string> {
  return readFile(new URL(`${version}/${file}`, HERE), "utf8");
}

/** Lines of the new text that are not in the old one, in order; a line that was changed is one of them. */
export function addedLines(before: string, after: string): string[] {
  const [old, now] = [before.split("\n"), after.split("\n")];
  // Length of the longest common part of what follows, for each pair of lines.
  const common = Array.from({ length: old.length + 1 }, () =>
    Array.from({ length: now.length + 1 }, () => 0),
  );
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      common[i]![j] =
        old[i] === now[j] ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
    }
  }
  const added: string[] = [];
  for (let i = 0, j = 0; j < now.length;) {
    if (i < old.length && old[i] === now[j] && common[i]![j] === common[i + 1]![j + 1]! + 1) {
      i++;
      j++;
    } else if (i < old.length && common[i + 1]![j]! >= common[i]![j + 1]!) i++;
    else added.push(now[j++]!);
  }
  return added;
}
