import { seededRandom } from "@livecache/rig";
import type { SeededRandom } from "@livecache/rig";
import { describe, expect, test } from "vitest";
import { diffJson } from "./json-diff.ts";
import { applyPatch } from "./json-patch.ts";

const KEYS = ["a", "b", "", "a/b", "~", "~1", "0", "-1", "constructor", "__proto__", "toString", "ключ"];
const LEAVES: readonly unknown[] = [null, true, false, 0, -1.5, 1e300, "", "text", "𝄞\u2028"];

/** A JSON value, as a client would have parsed it. */
function randomJson(random: SeededRandom, depth = 0): unknown {
  const kind = random.integer(depth > 4 ? 1 : 4);
  if (kind < 2) return random.pick(LEAVES);
  const length = random.integer(5);
  const inner = () => JSON.stringify(randomJson(random, depth + 1));
  if (kind === 2) return JSON.parse(`[${Array.from({ length }, inner).join()}]`);
  const fields = Array.from({ length }, () => `${JSON.stringify(random.pick(KEYS))}:${inner()}`);
  return JSON.parse(`{${fields.join()}}`);
}

/** The same value, changed in some places. */
function mutated(random: SeededRandom, value: unknown, depth = 0): unknown {
  if (random.integer(6) === 0) return randomJson(random, depth);
  if (Array.isArray(value)) {
    const list = value.map((element) => mutated(random, element, depth + 1));
    if (random.integer(3) === 0)
      list.splice(random.integer(list.length + 1), random.integer(3), randomJson(random, depth));
    return list;
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(() => random.integer(8) > 0);
  const fields = entries.map(
    ([key, inner]) => `${JSON.stringify(key)}:${JSON.stringify(mutated(random, inner, depth + 1))}`,
  );
  return JSON.parse(`{${fields.join()}}`);
}

/** Equal JSON has equal sorted text; `toEqual` does not look at a key called `__proto__`. */
function sorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}:${sorted(inner)}`);
  return `{${entries.sort().join()}}`;
}

test("for random JSON, applying the difference gives the other value, over the wire, and leaves the first alone", () => {
  const random = seededRandom(4);
  for (let round = 0; round < 3_000; round++) {
    const from = randomJson(random);
    const to = random.integer(4) === 0 ? randomJson(random) : mutated(random, from);
    const before = JSON.stringify(from);
    const patch = diffJson(from, to);
    const result = applyPatch(from, JSON.parse(JSON.stringify(patch)));
    expect(sorted(result), `${before} to ${JSON.stringify(to)}`).toBe(sorted(to));
    expect(JSON.stringify(from)).toBe(before);
  }
  expect(Object.keys(Object.prototype)).toEqual([]);
});

describe("a difference is small", () => {
  const rows = Array.from({ length: 50 }, (_, id) => ({ id, title: `issue ${id}`, done: false }));
  test.each([
    ["an element put in front", [{ id: -1 }, ...rows], [{ op: "add", path: "/0", value: { id: -1 } }]],
    ["one taken out of the middle", rows.toSpliced(20, 1), [{ op: "remove", path: "/20" }]],
    [
      "one field changed",
      rows.with(7, { ...rows[7]!, done: true }),
      [{ op: "replace", path: "/7/done", value: true }],
    ],
    ["nothing changed", structuredClone(rows), []],
  ])("%s", (_what, to, patch) => {
    expect(diffJson(rows, to)).toEqual(patch);
  });
});

test("more than 500 steps are none, 500 are", () => {
  const zeros = (length: number) => Array.from({ length }, () => [0]);
  const ones = (length: number) => Array.from({ length }, () => [1]);
  expect(diffJson(zeros(500), ones(500))).toHaveLength(500);
  expect(diffJson(zeros(501), ones(501))).toBeUndefined();
});

test("nesting without end costs no stack", () => {
  const deep = (word: string) => JSON.parse(`${"[".repeat(2_000)}"${word}"${"]".repeat(2_000)}`) as unknown;
  const patch = diffJson(deep("a"), deep("b"));
  expect(patch).toHaveLength(1);
  expect(JSON.stringify(applyPatch(deep("a"), patch))).toBe(JSON.stringify(deep("b")));
});

test.each([
  ["no list", {}],
  ["no step", [null]],
  ["an operation of the standard that is not used", [{ op: "move", from: "/a", path: "/b" }]],
  ["no path", [{ op: "add", value: 1 }]],
  ["a path that is no pointer", [{ op: "add", path: "a", value: 1 }]],
  ["a place that is not there", [{ op: "replace", path: "/x", value: 1 }]],
  ["something below what is not there", [{ op: "add", path: "/x/y", value: 1 }]],
  ["something below a leaf", [{ op: "add", path: "/a/y", value: 1 }]],
  ["an inherited place", [{ op: "replace", path: "/toString", value: 1 }]],
  ["a removal of nothing", [{ op: "remove", path: "/x" }]],
  ["a removal of everything", [{ op: "remove", path: "" }]],
  ["an index past the end", [{ op: "add", path: "/list/4", value: 1 }]],
  ["a replacement at the end", [{ op: "replace", path: "/list/3", value: 1 }]],
  ["an index with a zero in front", [{ op: "replace", path: "/list/01", value: 1 }]],
  ["the length of a list", [{ op: "replace", path: "/list/length", value: 1 }]],
  ["no value", [{ op: "add", path: "/x" }]],
  ["the prototype", [{ op: "add", path: "/__proto__/polluted", value: 1 }]],
  ["a prototype to be set", [{ op: "add", path: "/__proto__", value: { polluted: 1 } }]],
  ["the prototype by way of the constructor", [{ op: "add", path: "/constructor/prototype/x", value: 1 }]],
])("a patch with %s is refused", (_what, patch) => {
  const document = { a: 1, list: [1, 2, 3] };
  expect(applyPatch(document, patch)).toBeUndefined();
  expect(document).toEqual({ a: 1, list: [1, 2, 3] });
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});
