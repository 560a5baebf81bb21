import type { Document } from "mongodb";
import { expect, test } from "vitest";
import { MAX_CHANGE_TAGS } from "../base/names.ts";
import type { CollectionTags } from "./collection-tags.ts";
import { placeOf, tokenOf } from "./place.ts";
import { createStepMaker } from "./steps.ts";

const token = (text: string | number): Document => ({ _data: String(text) });
const LONG = token("8".repeat(5_000));

function insert(id: Document, tags: unknown): Document {
  return {
    _id: id,
    operationType: "insert",
    ns: { db: "d", coll: "a" },
    documentKey: { _id: 1 },
    fullDocument: { tags },
  };
}

const tagsOfDocument = (document?: Document): readonly string[] => document?.["tags"] as readonly string[];

/** What is said of events, in short: the tags of each change without subtrees, a gap's reason, a record's name. */
function said(
  events: readonly Document[],
  given: { end?: Document; a?: CollectionTags; maker?: ReturnType<typeof createStepMaker> } = {},
) {
  const { end, a = tagsOfDocument, maker = createStepMaker({ a, b: tagsOfDocument }) } = given;
  return maker.stepsOf(events, end).flatMap((step): unknown[] => {
    if (step.kind === "gap") return [{ gap: step.gap.reason, place: step.gap.place }];
    if (step.kind === "refuse") return [{ poison: step.poison.record, place: step.poison.place }];
    return step.changes.map(({ tags, place }) => ({
      tags: tags.filter((tag) => !tag.endsWith(":*")),
      place,
    }));
  });
}

test("each event is a change of its own, with its token as the place; a change moves the keys below its tags, too", () => {
  const events = [insert(token(1), ["x"]), insert(token(2), ["y", "z"])];
  expect(said(events)).toEqual([
    { tags: ["x"], place: placeOf(token(1)) },
    { tags: ["y", "z"], place: placeOf(token(2)) },
  ]);
  expect(createStepMaker({ a: tagsOfDocument }).stepsOf(events.slice(0, 1))).toMatchObject([
    { changes: [{ tags: ["x", "x:*"] }] },
  ]);
});

test("two processes name the change of an event alike, and two events never", () => {
  const ids = [1, 1, 2].map((at) => {
    const [step] = createStepMaker({ a: tagsOfDocument }).stepsOf([insert(token(at), ["x"])]);
    return step?.kind === "take" ? step.changes[0]?.changeId : undefined;
  });
  expect(ids[0]).toBe(ids[1]);
  expect(ids[0]).not.toBe(ids[2]);
});

test("an event that makes nothing untrue is no change", () => {
  expect(said([insert(token(1), []), insert(token(2), ["x"]), insert(token(3), [])])).toEqual([
    { tags: ["x"], place: placeOf(token(2)) },
  ]);
});

test("twenty events at once become one change, nineteen do not", () => {
  const events = Array.from({ length: 20 }, (_, at) => insert(token(at), [`t${at}`, "all"]));
  expect(said(events)).toHaveLength(1);
  expect(said(events.slice(1))).toHaveLength(19);
});

test.each([
  [MAX_CHANGE_TAGS - 1, 1],
  [MAX_CHANGE_TAGS, 1],
  [MAX_CHANGE_TAGS + 1, 2],
])("%i tags at once make %i change(s)", (count, changes) => {
  const events = Array.from({ length: count }, (_, at) => insert(token(at), [`t${at}`]));
  expect(said(events)).toHaveLength(changes);
});

test("an event whose token is too long to be remembered is said with the next, or with the end of the stream", () => {
  expect(placeOf(LONG)).toBeUndefined();
  expect(said([insert(LONG, ["x"]), insert(token(2), ["y"])])).toEqual([
    { tags: ["x", "y"], place: placeOf(token(2)) },
  ]);
  expect(said([insert(LONG, ["x"])], { end: token(2) })).toEqual([{ tags: ["x"], place: placeOf(token(2)) }]);
  const maker = createStepMaker({ a: tagsOfDocument });
  expect(said([insert(LONG, ["x"])], { maker, end: LONG })).toEqual([]);
  expect(said([], { maker, end: token(2) })).toEqual([{ tags: ["x"], place: placeOf(token(2)) }]);
});

test("of what cannot be said together, without a place between, everything is forgotten", () => {
  const half = Array.from({ length: MAX_CHANGE_TAGS / 2 + 1 }, (_, at) => `t${at}`);
  const other = half.map((tag) => `other-${tag}`);
  expect(said([insert(LONG, half), insert(token(2), other)])).toMatchObject([
    { gap: "too many tags without a place between them" },
  ]);
  expect(said([insert(LONG, ["x"]), insert(token(2), "wrong")])).toMatchObject([
    { gap: expect.stringContaining("insert of a 1: ") as string },
  ]);
});

test.each([
  ["no list", "x", "tags: expected a list of strings"],
  ["no name", [""], "expected at least one character"],
  ["too many", Array.from({ length: MAX_CHANGE_TAGS + 1 }, () => "x"), "at most 1000"],
])("tags that are %s are poison, with what comes before and after it told", (_what, tags, message) => {
  const steps = createStepMaker({ a: tagsOfDocument }).stepsOf([
    insert(token(1), ["x"]),
    insert(token(2), tags),
    insert(token(3), ["y"]),
  ]);
  expect(steps.map(({ kind }) => kind)).toEqual(["take", "refuse", "take"]);
  expect(steps[1]).toMatchObject({ poison: { place: placeOf(token(2)), record: "insert of a 1" } });
  expect(steps[1]?.kind === "refuse" && String(steps[1].poison.error)).toContain(message);
});

test("a function that throws is poison", () => {
  const a = (): never => {
    throw new TypeError("no document");
  };
  expect(said([insert(token(1), [])], { a })).toEqual([
    { poison: "insert of a 1", place: placeOf(token(1)) },
  ]);
});

const ended = (operationType: string, more: Document = { ns: { db: "d", coll: "a" } }): Document => ({
  _id: token(1),
  operationType,
  ...more,
});

test("when a collection is gone all of its tags move; where nobody has said which, everything is forgotten", () => {
  const a = { tags: tagsOfDocument, all: ["a", "lists"] };
  expect(said([ended("drop")], { a })).toMatchObject([{ tags: ["a", "lists"] }]);
  expect(said([ended("drop")])).toMatchObject([{ gap: "drop of a" }]);
  expect(said([ended("someNewOperation")])).toMatchObject([{ gap: "someNewOperation of a" }]);
  expect(said([ended("dropDatabase", { ns: { db: "d" } })], { a })).toMatchObject([
    { gap: "dropDatabase of a, b" },
  ]);
  expect(said([ended("invalidate", {})], { a })).toMatchObject([{ gap: "invalidate of a, b" }]);
  const renamed = { ns: { db: "d", coll: "b" }, to: { db: "d", coll: "a" } };
  expect(said([ended("rename", renamed)], { a })).toMatchObject([{ gap: "rename of b, a" }]);
  expect(said([ended("rename", { ...renamed, ns: { db: "d", coll: "c" } })], { a })).toMatchObject([
    { tags: ["a", "lists"] },
  ]);
});

test("a place is a token and back; what is none of ours is none", () => {
  const tokens = [token("82AB"), { _data: "82", _typeBits: new Uint8Array([1]) }];
  for (const one of tokens) expect(placeOf(tokenOf(placeOf(one)!))).toBe(placeOf(one));
  for (const place of ["", "7", "null", "{}", "row 5"]) expect(tokenOf(place)).toBeUndefined();
  expect(placeOf(undefined)).toBeUndefined();
  const frame = placeOf(token(""))!.length;
  expect(placeOf(token("8".repeat(4_096 - frame)))).toHaveLength(4_096);
  expect(placeOf(token("8".repeat(4_097 - frame)))).toBeUndefined();
});
