import { sign } from "cookie-signature";
import { afterEach, describe, expect, test, vi } from "vitest";
import { cookieName, dropTossedCookies, readSession, sessionIdOf } from "./session-cookie.ts";
import { resolveSettings, resolveStoreOptions } from "./session-options.ts";
import { readSecrets, refuseGuessable } from "./session-secrets.ts";

const SECRET = "kR7v-2mPq9_zXw4LtB8nYc1Hs6Jd3GfA";
const OLDER = "aQ3-tR8_uW2xZ5yB7nM4kL6jH9gF1dSe";

const signed = (id: string, secret = SECRET) => encodeURIComponent(`s:${sign(id, secret)}`);
const idOf = (cookie: string | string[] | undefined, more: object = {}) =>
  sessionIdOf({ cookie }, { secret: SECRET, ...more });

afterEach(() => vi.unstubAllEnvs());

describe("the id of a session", () => {
  test("is read from a signed cookie, by any of the secrets", () => {
    expect(idOf(`a=1; __Host-session=${signed("abc")}; b=2`)).toBe("abc");
    expect(idOf(`__Host-session=${signed("abc", OLDER)}`)).toBeUndefined();
    expect(idOf(`__Host-session=${signed("abc", OLDER)}`, { secret: [SECRET, OLDER] })).toBe("abc");
    expect(idOf(`session=${signed("abc")}`, { plainHttp: true })).toBe("abc");
    expect(idOf(`sid=${signed("abc")}`, { name: "sid" })).toBe("abc");
  });

  test.each([
    ["no cookies", undefined],
    ["none of the name", `other=${signed("abc")}`],
    ["the name as the end of another", `x__Host-session=${signed("abc")}`],
    ["no signature", "__Host-session=abc"],
    ["an empty one", "__Host-session="],
    ["another's signature", `__Host-session=${signed("abc").replace("abc", "abd")}`],
    ["broken encoding", "__Host-session=%E0%A4%A"],
  ])("is not there: %s", (_name, cookie) => expect(idOf(cookie)).toBeUndefined());

  test("is not there when two cookies differ, in whatever order and however they came", () => {
    const [mine, tossed] = [`__Host-session=${signed("mine")}`, `__Host-session=${signed("tossed")}`];
    expect(idOf(`${mine}; ${tossed}`)).toBeUndefined();
    expect(idOf(`${tossed};${mine}`)).toBeUndefined();
    expect(idOf([mine, tossed])).toBeUndefined();
    expect(idOf(`${mine}; __Host-session=garbage`)).toBeUndefined();
    expect(idOf(`${mine}; ${mine}`)).toBe("mine");
  });

  test("reads the session, and asks for none without a valid cookie", async () => {
    const asked: string[] = [];
    const read = async (id: string) => void asked.push(id);
    await readSession({ read: read as never }, { cookie: "__Host-session=forged" }, { secret: SECRET });
    expect(asked).toEqual([]);
    await readSession(
      { read: read as never },
      { cookie: `__Host-session=${signed("abc")}` },
      { secret: SECRET },
    );
    expect(asked).toEqual(["abc"]);
  });
});

test("tossed cookies are taken out of a request, and no others", () => {
  const left = (cookie: string) => {
    const headers = { cookie };
    dropTossedCookies(headers, "sid");
    return headers.cookie;
  };
  expect(left("a=1; sid=x; b=2; sid=y")).toBe("a=1; b=2");
  expect(left("sid=x; a=1")).toBe("sid=x; a=1");
  expect(left("sid=x; a=1; sid=x")).toBe("sid=x; a=1; sid=x");
});

describe("names", () => {
  test("are of this host only, unless there is no TLS", () => {
    expect(cookieName("x", {})).toBe("__Host-session");
    expect(cookieName("x", { plainHttp: true })).toBe("session");
    expect(cookieName("x", { name: "connect.sid" })).toBe("connect.sid");
    expect(cookieName("x", { name: "n".repeat(100) })).toHaveLength(100);
  });

  test.each([[""], ["a b"], ["a;b"], ["a=b"], ["ü"], ["n".repeat(101)], [7]])("%s is refused", (name) => {
    expect(() => cookieName("x", { name: name as string })).toThrow(/a cookie name/);
  });

  test("that need TLS are refused without", () => {
    expect(() => cookieName("x", { name: "__Host-a", plainHttp: true })).toThrow(/need TLS/);
    expect(() => cookieName("x", { name: "__secure-a", plainHttp: true })).toThrow(/need TLS/);
    expect(() => cookieName("x", { plainHttp: 1 as never })).toThrow(/true or false/);
  });
});

describe("secrets", () => {
  test("have at least 32 characters, in a list of 1 to 10", () => {
    expect(readSecrets("s", "x".repeat(32))).toHaveLength(1);
    expect(readSecrets("s", Array(10).fill(SECRET))).toHaveLength(10);
    expect(() => readSecrets("s", "x".repeat(31))).toThrow(
      /at least 32 characters, received "31 characters"/,
    );
    expect(() => readSecrets("s", [SECRET, "short"])).toThrow(/at least 32/);
    expect(() => readSecrets("s", [])).toThrow(/list of 1 to 10/);
    expect(() => readSecrets("s", Array(11).fill(SECRET))).toThrow(/list of 1 to 10/);
    expect(() => readSecrets("s", undefined)).toThrow(/received "undefined"/);
    expect(() => readSecrets("s", [7])).toThrow(/at least 32/);
  });

  test.each([
    "your-super-secret-key-change-this-in-production",
    "keyboard cat keyboard cat keyboard cat",
    "CHANGE_ME_CHANGE_ME_CHANGE_ME_CHANGE_ME",
    "a".repeat(64),
    "abcabcabcabcabcabcabcabcabcabcabcabc",
  ])("that anybody could guess are refused in production only: %s", (secret) => {
    const made = () => resolveSettings({ secret: [SECRET, secret] });
    expect(made().secrets).toHaveLength(2);
    vi.stubEnv("NODE_ENV", "production");
    expect(made).toThrow(/random secrets in production/);
    expect(made).not.toThrow(secret);
  });

  test("that are random pass", () => {
    for (const secret of [SECRET, OLDER, "9f86d081884c7d659a2feaa0c55ad015"]) {
      expect(() => refuseGuessable("s", [secret])).not.toThrow();
    }
    expect(() => refuseGuessable("s", ["12345678".repeat(4)])).not.toThrow();
    expect(() => refuseGuessable("s", ["1234567".repeat(5)])).toThrow(/fewer than 8/);
  });
});

describe("settings", () => {
  test("have defaults", () => {
    expect(resolveSettings({ secret: SECRET })).toMatchObject({
      ...{
        name: "__Host-session",
        plainHttp: false,
        absoluteMs: 7 * 86_400_000,
        store: { idle: "1d", absolute: "7d" },
      },
    });
    expect(resolveStoreOptions({})).toMatchObject({
      idleMs: 86_400_000,
      touchBudget: 0.1,
      conflicts: "overwrite",
    });
  });

  test("do without TLS in development only", () => {
    expect(resolveSettings({ secret: SECRET, plainHttp: true }).name).toBe("session");
    vi.stubEnv("NODE_ENV", "production");
    expect(() => resolveSettings({ secret: SECRET, plainHttp: true })).toThrow(/serve over TLS/);
  });

  test.each([
    [{ secrets: SECRET }, /Did you mean "secret"/],
    [{ secret: SECRET, proxy: 1 }, /proxy: expected true or false/],
    [{ secret: SECRET, idle: 30 }, /no unit/],
    [{ secret: SECRET, absolute: "400d" }, /absolute: expected a duration/],
    [{ secret: SECRET, store: { idle: "1h" } }, /store: unknown option "idle"/],
  ])("are checked: %o", (settings, message) => {
    expect(() => resolveStoreOptions(resolveSettings(settings as never).store)).toThrow(message);
  });

  test.each([
    [{ touchBudget: -0.01 }, /from 0 to 0.9/],
    [{ touchBudget: 0.91 }, /from 0 to 0.9/],
    [{ touchBudget: Number.NaN }, /from 0 to 0.9/],
    [{ conflicts: "merge" }, /"overwrite" or "refuse"/],
    [{ onConflict: true }, /onConflict: expected a function/],
    [{ userOf: "userId" }, /userOf: expected a function/],
    [{ connectRedis: { scan: 1 } }, /unknown option "scan"/],
    [{ ttl: 5 }, /unknown option "ttl"/],
  ])("of the store are checked: %o", (options, message) => {
    expect(() => resolveStoreOptions(options as never)).toThrow(message);
    for (const touchBudget of [0, 0.9])
      expect(resolveStoreOptions({ touchBudget }).touchBudget).toBe(touchBudget);
  });

  test("know whose a session is", () => {
    const { userOf } = resolveStoreOptions({});
    expect([{}, { userId: "ana" }, { userId: 7 }, { userId: "" }, { userId: null }].map(userOf)).toEqual([
      undefined,
      "ana",
      "7",
      undefined,
      undefined,
    ]);
    const passport = resolveStoreOptions({ userOf: (data) => (data["passport"] as { user?: string })?.user });
    expect([{ passport: { user: "ben" } }, { userId: "ana" }].map(passport.userOf)).toEqual(["ben", "ana"]);
  });
});
