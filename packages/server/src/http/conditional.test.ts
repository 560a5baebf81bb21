import { expect, test } from "vitest";
import { entityTag, formTag, heldTag } from "./conditional.ts";
import type { Headers } from "./field-list.ts";
import type { StoredResponse } from "./stored-response.ts";

function response(headers: Record<string, string>, body = "hello"): StoredResponse {
  return { status: 200, headers: new Map(Object.entries(headers)), body: Buffer.from(body) };
}

const isHeld = (request: Headers, stored: StoredResponse): boolean =>
  heldTag(request, stored, undefined) !== undefined;

test("an entity tag is strong, and changes with bytes, type and encoding", () => {
  const tags = [
    response({ "content-type": "text/plain" }),
    response({ "content-type": "text/html" }),
    response({ "content-type": "text/plain", "content-encoding": "gzip" }),
    response({ "content-type": "text/plain" }, "hello!"),
  ].map(entityTag);
  expect(new Set(tags).size).toBe(4);
  for (const tag of tags) expect(tag).toMatch(/^"[\w-]{27}"$/);
  expect(entityTag(response({ "content-type": "text/plain", "x-other": "1" }))).toBe(tags[0]);
});

test.each([
  ['"a"', true],
  ['W/"a"', true],
  ['"x", W/"a" , "y"', true],
  ["*", true],
  [" * ", true],
  ['"b"', false],
  ['"x,a"', false],
  ["a", false],
  ["", false],
  ['W/"x", "*"', false],
])('If-None-Match %s against "a" is %s', (value, held) => {
  expect(isHeld({ "if-none-match": value }, response({ etag: '"a"' }))).toBe(held);
});

test("a weak tag matches its strong form, and tags may contain commas", () => {
  expect(isHeld({ "if-none-match": '"a,b", "c"' }, response({ etag: 'W/"a,b"' }))).toBe(true);
});

test("a hostile If-None-Match is read in linear time", () => {
  const hostile = `${'W/"'.repeat(20_000)}`;
  const started = performance.now();
  expect(isHeld({ "if-none-match": hostile }, response({ etag: '"a"' }))).toBe(false);
  expect(performance.now() - started).toBeLessThan(200);
});

const noon = "Wed, 21 Oct 2015 12:00:00 GMT";
const one = "Wed, 21 Oct 2015 13:00:00 GMT";

test.each([
  [{ "if-modified-since": noon }, noon, true],
  [{ "if-modified-since": one }, noon, true],
  [{ "if-modified-since": noon }, one, false],
  [{ "if-modified-since": "yesterday" }, noon, false],
  [{ "if-modified-since": noon }, undefined, false],
  [{ "if-modified-since": one, "if-none-match": '"b"' }, noon, false],
])("%j of a response modified %s: held is %s", (request, modified, held) => {
  const headers = { etag: '"a"', ...(modified ? { "last-modified": modified } : {}) };
  expect(isHeld(request, response(headers))).toBe(held);
});

test("a request without conditions holds nothing", () => {
  expect(isHeld({}, response({ etag: '"a"', "last-modified": noon }))).toBe(false);
});

test("every form has a tag of its own, weak ones too", () => {
  expect(formTag(response({ etag: '"a"' }), "br")).toBe('"a-br"');
  expect(formTag(response({ etag: 'W/"a"' }), "gzip")).toBe('W/"a-gzip"');
  expect(formTag(response({ etag: '"a"' }), undefined)).toBe('"a"');
  expect(formTag(response({}), "br")).toBe("");
});

test.each([
  ['"a"', '"a"'],
  ['"a-gzip"', '"a-gzip"'],
  ['"x", W/"a-br"', '"a-br"'],
  ['"a-gzip", "a-br"', '"a-br"'],
  ["*", '"a-br"'],
  ['"b-br"', undefined],
])("whoever holds %s of a response that would go out as br is answered with %s", (held, tag) => {
  const coded = new Map([
    ["br", Buffer.from("b")],
    ["gzip", Buffer.from("g")],
  ] as const);
  expect(heldTag({ "if-none-match": held }, { ...response({ etag: '"a"' }), coded }, "br")).toBe(tag);
});

test("the tag of a form that is not stored is nobody's", () => {
  expect(isHeld({ "if-none-match": '"a-gzip"' }, response({ etag: '"a"' }))).toBe(false);
});
