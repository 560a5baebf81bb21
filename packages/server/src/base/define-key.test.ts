import { expect, expectTypeOf, test } from "vitest";
import { createLive } from "../assembly/create-live.ts";
import { defineKey } from "./define-key.ts";
import { encodePart } from "./key-parts.ts";

const comments = defineKey("tenant:{tenant}:issue:{issueId}:comments:{page}");
const search = defineKey("search:{query|hash}");

test("a key looks like its template, and numbers are their text", () => {
  expect(comments.key({ tenant: "a:b", issueId: 7, page: 1n })).toBe("tenant:a%3Ab:issue:7:comments:1");
  expect(comments.key({ tenant: "a:b", issueId: "7", page: "1" })).toBe("tenant:a%3Ab:issue:7:comments:1");
  expect(defineKey("plain").key({})).toBe("plain");
});

test("plain parameters and others are written alike", () => {
  const pair = defineKey("k:{a}:{b}");
  const values = [0, -0, 7, -7, 7.5, 1e21, 7n, "7", "a.b", "a/b", "a b", "ä", "", "-", "%", "\ud800"];
  for (const a of values) {
    for (const b of values)
      expect(pair.key({ a, b })).toBe(["k", encodePart(`${a}`), encodePart(`${b}`)].join(":"));
  }
  expect(new Set(values.map((b) => pair.key({ a: 1, b }))).size).toBe(values.length - 3);
});

test("first parameters give the prefix of exactly the keys that have them", () => {
  expect(comments.prefix({})).toBe("tenant");
  expect(comments.prefix({ tenant: "a" })).toBe("tenant:a:issue");
  expect(comments.pattern({ tenant: "a", issueId: 7 })).toBe("tenant:a:issue:7:comments:*");
});

test("a key of the family is read back as text, another is not", () => {
  expect(comments.parse("tenant:a%3Ab:issue:7:comments:1")).toEqual({
    tenant: "a:b",
    issueId: "7",
    page: "1",
  });
  for (const key of ["tenant:a:issue:7", "tenant:a:issue:7:notes:1", "tenant:a*:issue:7:comments:1"]) {
    expect(comments.parse(key)).toBeUndefined();
  }
});

test("text without a bound is hashed where the template says so, and left out of what is read back", () => {
  const key = search.key({ query: "a".repeat(10_000) });
  expect(Buffer.byteLength(key)).toBe("search:".length + 45);
  expect(search.key({ query: "b" })).not.toBe(key);
  expect(search.parse(key)).toEqual({});
  expect(search.parse("search:plain")).toBeUndefined();
});

test("a parameter called like something of every object is a parameter like others", () => {
  const odd = defineKey("a:{constructor}");
  expect(odd.key({ constructor: "x" } as never)).toBe("a:x");
  expect(() => odd.key({} as never)).toThrow(/parameter "constructor"/);
});

test("types and the run time refuse missing, extra and wrong parameters", () => {
  // @ts-expect-error: page is missing
  expect(() => comments.key({ tenant: "a", issueId: 7 })).toThrow(/parameter "page": expected a text/);
  // @ts-expect-error: there is no such parameter
  expect(() => search.key({ query: "a", page: 1 })).toThrow(/no parameter "page". It has: query/);
  // @ts-expect-error: no text and no number
  expect(() => search.key({ query: true })).toThrow(/received true/);
  // @ts-expect-error: no parameters at all
  expect(() => search.key()).toThrow(expect.objectContaining({ code: "LIVE_INPUT_INVALID" }));
  expect(() => search.key({ query: NaN })).toThrow(/received NaN/);
  // @ts-expect-error: tenant comes before issueId
  expect(() => comments.prefix({ issueId: 7 })).toThrow(/"issueId" is given, but not "tenant" before it/);
  // @ts-expect-error: a whole key is no prefix
  expect(() => comments.prefix({ tenant: "a", issueId: 7, page: 1 })).toThrow(/use key\(\)/);
  expect(() => defineKey("{a}:b").pattern({})).toThrow(/give at least "a"/);
});

test("a key may have 512 bytes and no more, and the message names the parameter to hash", () => {
  const key = defineKey("k:{id}:{text}");
  const longest = 512 - "k:1:".length;
  expect(key.key({ id: 1, text: "a".repeat(longest) })).toHaveLength(512);
  expect(() => key.key({ id: 1, text: "a".repeat(longest + 1) })).toThrow(
    /key has 513 bytes, at most 512 are allowed. Write {text\|hash} in the template/,
  );
});

test("a family that holds a type has the same keys, and the compiler holds reads to it", async () => {
  const live = createLive();
  const user = defineKey("user:{id}").holding<{ readonly name: string }>();
  const options = { ttl: "short" } as const;
  expect(user.key({ id: 1 })).toBe("user:1");
  expect(await live.cache.getOrSet(user.key({ id: 1 }), () => ({ name: "Ana" }), options)).toEqual({
    name: "Ana",
  });
  const found = await live.cache.get(user.key({ id: 1 }));
  expectTypeOf(found).toEqualTypeOf<{ readonly name: string } | undefined>();
  expectTypeOf(await live.cache.get<number>("plain")).toEqualTypeOf<number | undefined>();
  expectTypeOf(
    await live.cache.getOrSet(comments.key({ tenant: 1, issueId: 1, page: 1 }), () => 1, options),
  ).toBeNumber();
  // @ts-expect-error: a number is no user
  await live.cache.getOrSet(user.key({ id: 2 }), () => 5, options);
  await live.close();
});

test.each(["", "a::b", "a:*", "a b", ":a", "a:{}", "a:{1x}", "a:{x}y", "a:{x|md5}", "{x}:{x}", 7])(
  "the template %j is refused",
  (template) => {
    expect(() => defineKey(template as string)).toThrow(
      expect.objectContaining({ code: "LIVE_OPTIONS_INVALID", message: expect.stringMatching(/^defineKey/) }),
    );
  },
);

test("a template may have 16 parts and no more", () => {
  const parts = (count: number): string => Array.from({ length: count }, () => "a").join(":");
  expect(defineKey(parts(16)).key({})).toBe(parts(16));
  expect(() => defineKey(parts(17))).toThrow(/1 to 16 parts/);
});
