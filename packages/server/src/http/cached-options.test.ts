import { expect, test } from "vitest";
import { resolveCachedOptions, resolveTags } from "./cached-options.ts";

test("a route without vary varies by credentials only in what it tells other caches", () => {
  expect(resolveCachedOptions({ ttl: "5m" })).toEqual({
    ttlMs: 300_000,
    isPublic: false,
    maxBytes: 1_048_576,
    identityFields: [],
    keyHeaders: [],
    varyHeaders: ["cookie", "authorization"],
  });
});

test("vary is split into identity fields and headers, each once", () => {
  const vary = ["role", "header:Accept-Language", "role", "hostelId", "header:accept-language"];
  expect(resolveCachedOptions({ ttl: "1s", vary })).toMatchObject({
    identityFields: ["role", "hostelId"],
    keyHeaders: ["accept-language"],
    varyHeaders: ["cookie", "authorization", "accept-language"],
  });
});

test("a public route varies by its headers alone", () => {
  const route = resolveCachedOptions({ ttl: "1s", public: true, vary: ["header:x-theme"] });
  expect(route).toMatchObject({ isPublic: true, varyHeaders: ["x-theme"] });
});

test.each([
  ["an unknown option", { ttl: "5m", tag: [] }, /unknown option "tag"\. Did you mean "tags"\?/],
  ["a bare number", { ttl: 300 }, /cached: ttl: expected a duration .* received 300/],
  ["vary that is no list", { ttl: "5m", vary: "role" }, /cached: vary: expected a list/],
  ["vary with a star", { ttl: "5m", vary: ["*"] }, /cached: vary/],
  ["vary with a number", { ttl: "5m", vary: [7] }, /cached: vary/],
  ["a header without a name", { ttl: "5m", vary: ["header:"] }, /the name of a header/],
  ["a header with a space", { ttl: "5m", vary: ["header:a b"] }, /the name of a header/],
  ["credentials as a header", { ttl: "5m", vary: ["header:Cookie"] }, /such as "userId"/],
  ["public that is no boolean", { ttl: "5m", public: "yes" }, /cached: public: expected true or false/],
  ["public with an identity field", { ttl: "5m", public: true, vary: ["role"] }, /public: true says/],
  ["maxBytes past what an entry may hold", { ttl: "5m", maxBytes: 2 ** 24 }, /cached: maxBytes/],
])("refuses %s", (_what, options, message) => {
  expect(() => resolveCachedOptions(options as never)).toThrow(message);
});

test("tags are a list, or are asked of the request and checked each time", () => {
  expect(resolveTags(["a", "b"])({})).toEqual(["a", "b"]);
  expect(resolveTags(undefined)({})).toEqual([]);
  const tagsOf = resolveTags<{ id: string }>(({ id }) => [`audit:${id}`]);
  expect(tagsOf({ id: "7" })).toEqual(["audit:7"]);
  expect(() => tagsOf({ id: "*" })).toThrow(/"\*" is not allowed/);
  expect(() => resolveTags(["a*"])).toThrow(/"\*" is not allowed/);
  expect(() => resolveTags("a" as never)).toThrow(/expected a list/);
});
