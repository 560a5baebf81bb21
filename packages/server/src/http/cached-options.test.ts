import { expect, test } from "vitest";
import { fullOptions, resolveCachedOptions, resolveTags } from "./cached-options.ts";
import type { CachedOptions } from "./cached-options.ts";
import type { OutwardOptions } from "./outward-options.ts";
import { refuseRerunOptions } from "./rerun-options.ts";

test("a route without vary varies by credentials only in what it tells other caches", () => {
  expect(resolveCachedOptions({ ttl: "5m" })).toMatchObject({
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

test.each(["medium", "5m"] as const)("%s alone stands for a TTL", (short) => {
  expect(resolveCachedOptions(fullOptions(short)).ttlMs).toBe(300_000);
  expect(fullOptions({ ttl: short })).toEqual({ ttl: short });
});

test("outward: what is sent, and under which name", () => {
  const read = (outward: OutwardOptions) => resolveCachedOptions({ ttl: "5m", outward }).outward;
  expect(read({})).toMatchObject({ surrogate: undefined, sourceHeader: undefined, obeysReload: false });
  expect(read({ surrogate: true, source: true, reload: true })).toMatchObject({
    surrogate: "surrogate-key",
    sourceHeader: "x-cache",
    obeysReload: true,
  });
  expect(read({ surrogate: "cache-tag", source: "X-Source" })).toMatchObject({
    surrogate: "cache-tag",
    sourceHeader: "x-source",
  });
});

test.each([
  [{ outward: { surrogat: true } }, /Did you mean "surrogate"/],
  [{ outward: { surrogate: "tags" } }, /cached: outward\.surrogate: expected/],
  [{ outward: { source: "content-type" } }, /cached: outward\.source: expected/],
  [{ outward: { source: `x-${"a".repeat(63)}` } }, /cached: outward\.source: expected/],
  [{ outward: { reload: 1 } }, /cached: outward\.reload: expected true or false/],
  [{ absentTtl: 5 }, /cached: absentTtl: expected a duration/],
  [{ version: -1 }, /cached: version: expected a whole number/],
  [{ version: 2 ** 32 }, /cached: version: expected a whole number/],
  [{ push: "yes" }, /cached: push: expected true or false/],
  [
    { push: true, vary: ["role"] },
    /cached: push: expected false with vary: \["role"\].*leave push or the identity fields out/,
  ],
  [{ lane: {} }, /cached: lane: expected what createLane answers/],
  [{ stale: { softTimeout: "1s" } }, /cached: stale\.softTimeout: expected stale\.grace/],
])("%j is refused", (options, message) => {
  const given = { ttl: "5m", ...options } as unknown as CachedOptions<unknown>;
  expect(() => resolveCachedOptions(given)).toThrow(message);
});

test("a route may push what varies by request headers, or by nothing", () => {
  expect(resolveCachedOptions({ ttl: "5m", push: true, vary: ["header:accept-language"] }).push).toBe(true);
  expect(resolveCachedOptions({ ttl: "5m", push: true, public: true }).push).toBe(true);
  expect(resolveCachedOptions({ ttl: "5m", push: false, vary: ["role"] }).push).toBe(false);
  expect(resolveCachedOptions({ ttl: "5m" }).push).toBe(false);
});

test("bounds are allowed themselves", () => {
  const source = `x-${"a".repeat(62)}` as const;
  expect(resolveCachedOptions({ ttl: "5m", version: 2 ** 32 - 1 }).version).toBe(2 ** 32 - 1);
  expect(resolveCachedOptions({ ttl: "5m", outward: { source } }).outward.sourceHeader).toBe(source);
});

test.each([
  [{ stale: { swr: "1s" } }, "stale.swr"],
  [{ stale: { grace: "1s" } }, "stale.grace"],
  [{ hardTimeout: "1s" }, "hardTimeout"],
  [{ refreshAt: 0.5 }, "refreshAt"],
  [{ push: true }, "push"],
] as const)("%j is refused where a route cannot be run again", (options, name) => {
  const route = resolveCachedOptions({ ttl: "5m", ...options });
  expect(() => refuseRerunOptions(route, "Any")).toThrow(
    `cached: ${name}: the route would have to be run again`,
  );
});

test("options that need no second run are fine everywhere", () => {
  const route = resolveCachedOptions({ ttl: "5m", jitter: 0.1, consistency: "fresh", absentTtl: "1s" });
  expect(refuseRerunOptions(route, "Any")).toBeUndefined();
});
