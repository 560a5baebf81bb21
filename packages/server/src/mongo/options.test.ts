import { expect, test } from "vitest";
import type { MongoChangesOptions } from "./options.ts";
import { readMongoOptions } from "./options.ts";

const db = { watch: () => undefined, client: {} } as unknown as MongoChangesOptions["db"];
const fine: MongoChangesOptions = { db, collections: { issues: () => [] } };

test("what is left out has its default", () => {
  expect(readMongoOptions(fine)).toMatchObject({
    name: "mongo",
    fullDocument: "updateLookup",
    fullDocumentBeforeChange: "off",
    takeOverMs: 2_000,
    deadlineMs: 5_000,
  });
});

test.each([
  ["db", undefined, /db: expected a database of the driver.*received undefined/],
  ["collections", {}, /collections: expected at least one/],
  ["collections", { issues: 5 }, /collections\.issues: expected a function, or/],
  ["collections", { issues: { tags: () => [], all: [""] } }, /expected at least one character/],
  [
    "fullDocument",
    "required",
    /fullDocument: expected "updateLookup" or "whenAvailable", received "required"/,
  ],
  ["fullDocumentBeforeChange", "required", /expected "off" or "whenAvailable", received "required"/],
  ["takeOverAfter", 5, /takeOverAfter: expected a duration/],
  ["deadline", "0ms", /deadline: expected a duration/],
  ["colections", {}, /unknown option "colections"\. Did you mean "collections"/],
])("%s: %j is refused", (option, value, message) => {
  expect(() => readMongoOptions({ ...fine, [option]: value })).toThrow(message);
});
