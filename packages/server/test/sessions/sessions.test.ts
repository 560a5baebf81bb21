import { expect, onTestFinished, test, vi } from "vitest";
import { createLive, createMemoryGround } from "../../src/index.ts";
import type { Sessions } from "../../src/index.ts";
import type { SessionStore } from "../../src/ports/session-store.ts";

const quiet = { warn: () => undefined };
const HOUR_MS = 3_600_000;

/** An instance over memory, and what its store was asked. */
function openSite(): { readonly sessions: Sessions; readonly store: SessionStore } {
  const ground = createMemoryGround();
  const live = createLive({ ground, logger: quiet });
  onTestFinished(live.close);
  return { sessions: live.sessions, store: ground.realm("main").sessionStore };
}

test("a session is saved property by property, whatever their names", async () => {
  const { sessions } = openSite();
  const data = JSON.parse('{"__proto__":{"isAdmin":true},"constructor":1,"left out":null}') as object;
  await sessions.create("s", { data: { ...data, none: undefined }, idleMs: HOUR_MS });
  const first = await sessions.read("s");
  expect(Object.keys(first!.data)).toEqual(Object.keys(data));
  expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  const set = Object.defineProperty({}, "__proto__", { value: [1], enumerable: true });
  const saved = await sessions.save("s", { base: 1, set, remove: ["constructor"] });
  expect(saved).toMatchObject({ state: "saved", version: 2 });
  const second = await sessions.read("s");
  expect(Object.entries(second!.data)).toEqual([
    ["__proto__", [1]],
    ["left out", null],
  ]);
});

test("20 updates at once that each add to one number lose none", async () => {
  const { sessions } = openSite();
  await sessions.create("s", { data: { count: 0 }, idleMs: HOUR_MS });
  const add = () => sessions.update("s", (data) => void (data["count"] = Number(data["count"]) + 1));
  const replies = await Promise.all(Array.from({ length: 20 }, add));
  expect(new Set(replies.map(({ state }) => state))).toEqual(new Set(["saved"]));
  expect((await sessions.read("s"))!.data["count"]).toBe(20);
});

test("an update that never gets through says so, and one that changes nothing writes nothing", async () => {
  const { sessions } = openSite();
  await sessions.create("s", { data: { a: { b: 1 } }, idleMs: HOUR_MS });
  const busy = sessions.update("s", async (data) => {
    const { version } = (await sessions.read("s"))!;
    await sessions.save("s", { base: version, set: { other: version } });
    data["a"] = 1;
  });
  await expect(busy).rejects.toMatchObject({ code: "LIVE_LIMIT_REACHED" });
  const { version } = (await sessions.read("s"))!;
  await sessions.update("s", () => undefined);
  expect((await sessions.read("s"))!.version).toBe(version);
  await sessions.update("s", (data) => void ((data["a"] as { b: number }).b = 2));
  expect((await sessions.read("s"))!.data["a"]).toEqual({ b: 2 });
  expect(await sessions.update("none", () => undefined)).toEqual({ state: "gone" });
});

test("of 1,000 requests that read and touch, none asks the ground to write; at a budget of 0 each does", async () => {
  const { sessions, store } = openSite();
  await sessions.create("s", { idleMs: HOUR_MS });
  const touch = vi.spyOn(store, "touch");
  for (let request = 0; request < 1_000; request++) {
    await sessions.read("s");
    expect(await sessions.touch("s", HOUR_MS)).toMatchObject({ state: "alive" });
  }
  expect(touch).toHaveBeenCalledTimes(0);
  expect(sessions.status().sparedTouches).toBe(1_000);
  for (let request = 0; request < 5; request++) await sessions.touch("s", HOUR_MS, { budget: 0 });
  expect(touch).toHaveBeenCalledTimes(5);
});

test("a session that ended is gone for whoever saves or touches late, also when its touches were spared", async () => {
  const { sessions } = openSite();
  await sessions.create("s", { idleMs: HOUR_MS });
  await sessions.read("s");
  expect([await sessions.end("s"), await sessions.end("s")]).toEqual([true, false]);
  expect(await sessions.save("s", { base: 1, set: { a: 1 } })).toEqual({ state: "gone" });
  expect(await sessions.touch("s", HOUR_MS)).toEqual({ state: "gone" });
  expect(await sessions.read("s")).toBeUndefined();
  expect(await sessions.create("s", { idleMs: HOUR_MS })).toEqual({ state: "ended" });
});

test("a user has at most 100 sessions: a further one ends the one that expires first", async () => {
  const { sessions } = openSite();
  for (let index = 0; index <= 100; index++) {
    await sessions.create(`s${index}`, { userId: "ana", idleMs: HOUR_MS + index });
    await sessions.read(`s${index}`);
  }
  expect((await sessions.of("ana")).length).toBe(100);
  expect(await sessions.read("s0")).toBeUndefined();
  expect(await sessions.read("s1")).toBeDefined();
});

test("all sessions are told once, counted and cleared", async () => {
  const { sessions } = openSite();
  const ids = Array.from({ length: 250 }, (_, index) => `s${index}`);
  for (const id of ids) await sessions.create(id, { idleMs: HOUR_MS });
  const told: string[] = [];
  for await (const { id } of sessions.all()) told.push(id);
  expect(told.sort()).toEqual(ids.sort());
  expect([await sessions.length(), await sessions.clear(), await sessions.length()]).toEqual([250, 250, 0]);
});

test("texts that are no ids are not there, and nothing is created under them", async () => {
  const { sessions } = openSite();
  for (const id of ["", "a b", "ü", "a\n", "x".repeat(129)]) {
    expect(await sessions.read(id)).toBeUndefined();
    expect(await sessions.end(id)).toBe(false);
    expect(await sessions.save(id, { base: 1 })).toEqual({ state: "gone" });
    expect(await sessions.touch(id, 1_000)).toEqual({ state: "gone" });
    expect(await sessions.rotate(id, "new", {})).toEqual({ state: "gone" });
    await expect(sessions.create(id, { idleMs: 1_000 })).rejects.toMatchObject({
      code: "LIVE_INPUT_INVALID",
    });
  }
  const longest = "x".repeat(128);
  expect(await sessions.create(longest, { idleMs: 1_000 })).toMatchObject({ state: "created" });
});

const MOST_MS = 366 * 24 * HOUR_MS;
const REFUSED: readonly [what: string, call: (sessions: Sessions) => Promise<unknown>, code: string][] = [
  ["no idle time", (s) => s.create("s", { idleMs: 0 }), "LIVE_INPUT_INVALID"],
  ["too long a life", (s) => s.create("s", { idleMs: MOST_MS + 1 }), "LIVE_INPUT_INVALID"],
  ["half a millisecond", (s) => s.create("s", { idleMs: 1.5 }), "LIVE_INPUT_INVALID"],
  ["an absolute end of 0", (s) => s.create("s", { idleMs: 1, absoluteMs: 0 }), "LIVE_INPUT_INVALID"],
  ["an empty user", (s) => s.create("s", { idleMs: 1, userId: "" }), "LIVE_INPUT_INVALID"],
  ["a long user", (s) => s.create("s", { idleMs: 1, userId: "u".repeat(257) }), "LIVE_INPUT_INVALID"],
  ["a long name", (s) => s.save("s", { base: 1, set: { ["n".repeat(257)]: 1 } }), "LIVE_INPUT_INVALID"],
  ["half a character", (s) => s.save("s", { base: 1, set: { "\ud800": 1 } }), "LIVE_INPUT_INVALID"],
  ["data that is a list", (s) => s.create("s", { idleMs: 1, data: [] as never }), "LIVE_INPUT_INVALID"],
  ["too much data", (s) => s.save("s", { base: 1, set: { a: "x".repeat(65_534) } }), "LIVE_INPUT_INVALID"],
  ["a BigInt", (s) => s.save("s", { base: 1, set: { a: 1n } }), "LIVE_VALUE_UNSUPPORTED"],
  ["another mode", (s) => s.save("s", { base: 1, mode: "fast" as never }), "LIVE_OPTIONS_INVALID"],
  ["no base", (s) => s.save("s", {} as never), "LIVE_OPTIONS_INVALID"],
  ["a budget of 1", (s) => s.touch("s", 1_000, { budget: 1 }), "LIVE_OPTIONS_INVALID"],
  ["a page of 0", (s) => s.page(undefined, 0), "LIVE_OPTIONS_INVALID"],
  ["a page of 1,001", (s) => s.page(undefined, 1_001), "LIVE_OPTIONS_INVALID"],
];

test.each(REFUSED)("%s is refused", async (_, call, code) => {
  const { sessions } = openSite();
  await sessions.create("s", { idleMs: HOUR_MS });
  await expect(call(sessions)).rejects.toMatchObject({ code });
});

test("what is just within the bounds is taken", async () => {
  const { sessions } = openSite();
  const user = { idleMs: MOST_MS, absoluteMs: 1_000_000, userId: "u".repeat(256) };
  expect(await sessions.create("s", user)).toMatchObject({ state: "created" });
  const set = { ["n".repeat(256)]: "x".repeat(65_536 - 258) };
  expect(await sessions.save("s", { base: 1, set })).toMatchObject({ state: "saved" });
  const more = sessions.save("s", { base: 2, set: { a: 1 } });
  await expect(more).rejects.toMatchObject({ code: "LIVE_INPUT_INVALID" });
  expect(await sessions.touch("s", 1, { budget: 0.9 })).toMatchObject({ state: "alive" });
});

test("takeOver may be called by several stores with one prefix, and is refused with another and with unknown options", () => {
  const { sessions } = openSite();
  sessions.takeOver();
  sessions.takeOver({ prefix: "sess:", userOf: () => undefined });
  sessions.takeOver({ userOf: () => "ana" });
  expect(() => sessions.takeOver({ prefix: "other:" })).toThrow(/called before/);
  expect(() => sessions.takeOver({ prefx: "a" } as never)).toThrow(/prefix/);
  expect(() => sessions.takeOver({ prefix: "" })).toThrow(/prefix/);
  expect(() => sessions.takeOver({ userOf: "a" as never })).toThrow(/userOf/);
});

test("takeOver asks at most 16 functions whose a session is, and knows those that it was given", () => {
  const { sessions } = openSite();
  const functions = Array.from({ length: 16 }, (_, index) => () => `user ${index}`);
  for (const userOf of [...functions, ...functions]) sessions.takeOver({ userOf });
  expect(() => sessions.takeOver({ userOf: () => "one more" })).toThrow(/16 functions/);
});
