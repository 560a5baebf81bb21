import { describe, expect, test } from "vitest";
import { isSameCookie, lifeOf, shownCookie } from "./session-life.ts";

const NOW = Date.UTC(2030, 0, 1);
const at = (ms: number) => new Date(NOW + ms);

describe("a session lives", () => {
  test.each([
    ["its idle time", {}, 5_000],
    ["its idle time, though its cookie lives longer", { cookie: { originalMaxAge: 9_000 } }, 5_000],
    ["as long as its cookie", { cookie: { originalMaxAge: 1_000 } }, 1_000],
    ["until its cookie's end", { cookie: { originalMaxAge: null, expires: at(700) } }, 700],
    [
      "until its cookie's end, as text",
      { cookie: { originalMaxAge: null, expires: at(700).toISOString() } },
      700,
    ],
    [
      "its idle time, with a cookie that ends with the browser",
      { cookie: { originalMaxAge: null, expires: null } },
      5_000,
    ],
    ["its idle time, with a date that is none", { cookie: { expires: "soon" } }, 5_000],
  ])("%s", (_name, session, expected) => expect(lifeOf(session, 5_000, NOW)).toBe(expected));

  test("not at all when its cookie has ended", () => {
    expect(lifeOf({ cookie: { expires: at(-1) } }, 5_000, NOW)).toBeLessThanOrEqual(0);
    expect(lifeOf({ cookie: { originalMaxAge: 0 } }, 5_000, NOW)).toBe(0);
  });
});

test("a cookie's end is told by when the session was last in use, and as written when that is the same", () => {
  const cookie = (expires: Date) => ({ originalMaxAge: 60_000, expires: expires.toISOString() });
  expect(shownCookie(cookie(at(60_000)), NOW + 5)).toEqual(cookie(at(60_000)));
  expect(shownCookie(cookie(at(60_000)), NOW + 99)).toEqual(cookie(at(60_000)));
  expect(shownCookie(cookie(at(60_000)), NOW + 100)).toEqual(cookie(at(60_100)));
  expect(shownCookie(cookie(at(60_000)), NOW + 2_000)).toEqual(cookie(at(62_000)));
  expect(shownCookie({ originalMaxAge: null, expires: null }, NOW)).toEqual({
    originalMaxAge: null,
    expires: null,
  });
  expect(shownCookie(undefined, NOW)).toMatchObject({ originalMaxAge: null, path: "/" });
});

test("cookies that differ in when they end are the same, others are not", () => {
  const same = (before: object, now: object) => isSameCookie(JSON.stringify(before), JSON.stringify(now));
  const cookie = { originalMaxAge: 60_000, expires: at(0), path: "/", secure: true };
  expect(same(cookie, { ...cookie, expires: at(9_000), originalMaxAge: 59_999 })).toBe(true);
  expect(same(cookie, { secure: true, path: "/", originalMaxAge: 60_000, domain: null })).toBe(true);
  expect(same(cookie, { ...cookie, originalMaxAge: 30_000 })).toBe(false);
  expect(same(cookie, { ...cookie, originalMaxAge: null })).toBe(false);
  expect(same(cookie, { ...cookie, path: "/admin" })).toBe(false);
  expect(same({ expires: at(0) }, { expires: at(9_000) })).toBe(false);
  expect(isSameCookie(undefined, "{}")).toBe(false);
  expect(isSameCookie("null", "null")).toBe(true);
});
