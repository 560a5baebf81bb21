import type { LineEdit } from "./edit-source.ts";

const CONTEXT = 2;

/** The difference that edits make to a file, as `patch` takes it. */
export function unifiedDiff(path: string, text: string, edits: readonly LineEdit[]): string {
  const lines = text.replace(/\n$/, "").split("\n");
  const hunks: string[] = [];
  let shift = 0;
  for (const group of near(edits)) {
    const [first, last] = [group[0]!, group.at(-1)!];
    const from = Math.max(0, first.at - CONTEXT);
    const to = Math.min(lines.length, last.at + last.remove + CONTEXT);
    const body = bodyOf(lines, group, { from, to });
    const [removed, added] = [
      countOf(group, ({ remove }) => remove),
      countOf(group, ({ insert }) => insert.length),
    ];
    const [before, after] = [to - from, to - from - removed + added];
    hunks.push(`@@ -${from + 1},${before} +${from + 1 + shift},${after} @@`, ...body);
    shift += added - removed;
  }
  return [`--- a/${path}`, `+++ b/${path}`, ...hunks].map((line) => `${line}\n`).join("");
}

/** Edits whose surroundings touch, together. */
function near(edits: readonly LineEdit[]): LineEdit[][] {
  const groups: LineEdit[][] = [];
  for (const edit of edits) {
    const last = groups.at(-1)?.at(-1);
    if (last && edit.at - (last.at + last.remove) <= 2 * CONTEXT) groups.at(-1)!.push(edit);
    else groups.push([edit]);
  }
  return groups;
}

function bodyOf(
  lines: readonly string[],
  group: readonly LineEdit[],
  { from, to }: { from: number; to: number },
): string[] {
  const body: string[] = [];
  let at = from;
  for (const { at: start, remove, insert } of group) {
    body.push(...lines.slice(at, start).map((line) => ` ${line}`));
    body.push(
      ...lines.slice(start, start + remove).map((line) => `-${line}`),
      ...insert.map((line) => `+${line}`),
    );
    at = start + remove;
  }
  return [...body, ...lines.slice(at, to).map((line) => ` ${line}`)];
}

function countOf(group: readonly LineEdit[], of: (edit: LineEdit) => number): number {
  return group.reduce((sum, edit) => sum + of(edit), 0);
}
