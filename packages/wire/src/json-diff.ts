import type { JsonPatch, PatchStep } from "./json-patch.ts";

/** Most steps of a patch. A value that differs in more places is sent whole. */
const MAX_STEPS = 500;

/** Deepest nesting that is compared; what lies below is replaced as a whole. */
const MAX_DEPTH = 64;

/** Values of both sides at one place. */
interface Place {
  readonly from: unknown;
  readonly to: unknown;
  readonly path: string;
  readonly depth: number;
}

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * The steps that lead from one JSON value to another: `applyPatch(from, diffJson(from, to))` equals `to`. Lists are compared after what
 * they begin and end with alike, so that an element put in or taken out is one step; the order of an object's keys does not count.
 * `undefined` when there would be more than 500 steps. The work grows with the size of the values and, at most, 64 levels of nesting.
 */
export function diffJson(from: unknown, to: unknown): JsonPatch | undefined {
  const steps: PatchStep[] = [];
  compare(steps, { from, to, path: "", depth: 0 });
  return steps.length <= MAX_STEPS ? steps : undefined;
}

function compare(steps: PatchStep[], place: Place): void {
  const { from, to, path, depth } = place;
  if (steps.length > MAX_STEPS || from === to) return;
  const isComparable = depth < MAX_DEPTH && isContainer(from) && isContainer(to);
  if (isComparable && Array.isArray(from) && Array.isArray(to)) return compareLists(steps, place);
  if (isComparable && areRecords(from, to)) return compareRecords(steps, { ...place, from, to });
  if (encoded(from) !== encoded(to)) steps.push({ op: "replace", path, value: to });
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Objects with a key that no step may go through are only ever replaced. */
function areRecords(from: object, to: object): boolean {
  return [from, to].every((value) => !Array.isArray(value) && !Object.hasOwn(value, "__proto__"));
}

function compareRecords(steps: PatchStep[], { from, to, path, depth }: Place): void {
  const before = from as JsonObject;
  const after = to as JsonObject;
  for (const key of Object.keys(before)) {
    if (!Object.hasOwn(after, key)) steps.push({ op: "remove", path: below(path, key) });
  }
  for (const key of Object.keys(after)) {
    const inner = below(path, key);
    const value = after[key];
    if (!Object.hasOwn(before, key)) steps.push({ op: "add", path: inner, value });
    else compare(steps, { from: before[key], to: value, path: inner, depth: depth + 1 });
  }
}

function compareLists(steps: PatchStep[], { from, to, path, depth }: Place): void {
  const before = from as readonly unknown[];
  const after = to as readonly unknown[];
  const texts = before.map(encoded);
  const wanted = after.map(encoded);
  const shorter = Math.min(texts.length, wanted.length);
  let start = 0;
  while (start < shorter && texts[start] === wanted[start]) start++;
  let tail = 0;
  while (tail < shorter - start && texts.at(-1 - tail) === wanted.at(-1 - tail)) tail++;
  const shared = shorter - tail;
  for (let index = start; index < shared; index++) {
    if (texts[index] === wanted[index]) continue;
    compare(steps, {
      from: before[index],
      to: after[index],
      path: below(path, String(index)),
      depth: depth + 1,
    });
  }
  // From the end, so that no step moves what a later one names.
  for (let index = before.length - tail - 1; index >= shared; index--) {
    steps.push({ op: "remove", path: below(path, String(index)) });
  }
  for (let index = shared; index < after.length - tail; index++) {
    steps.push({ op: "add", path: below(path, String(index)), value: after[index] });
  }
}

function encoded(value: unknown): string {
  return JSON.stringify(value);
}

/** The pointer of a key below a pointer (RFC 6901 section 3). */
function below(path: string, key: string): string {
  return `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
