import { defineContract } from "@livecache/wire";
import { afterEach, expect, test } from "vitest";
import { createMemoryGround } from "../memory/ground.ts";
import { createLive } from "./create-live.ts";
import type { Live } from "./create-live.ts";

const text = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate: (value: unknown) =>
      typeof value === "string" ? { value } : { issues: [{ message: "expected a string" }] },
    types: undefined as { input: string; output: string } | undefined,
  },
} as const;
const contract = defineContract({ channels: { "hostel/:hostelId": { events: { news: text } } } });
const SECRET = "0123456789abcdef0123456789abcdef";
const quiet = { warn: () => undefined };

const opened: Live<never>[] = [];
function open<L extends { close(): Promise<void> }>(live: L): L {
  opened.push(live as never);
  return live;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((live) => live.close()));
});

test("with no options it runs on memory", async () => {
  const live = open(createLive());
  expect(live.status().state).toBe("here");
  expect(await live.cache.getOrSet("k", () => 1, { ttl: "1m" })).toBe(1);
  expect(live.node).toMatch(/^[0-9a-z]{12}$/);
});

test.each([
  [{ grund: undefined }, /Did you mean "ground"/],
  [{ ground: "redis://localhost" }, /ground: expected an open ground such as await openRedis/],
  [{ ground: Promise.resolve() }, /write `await openRedis/],
  [{ secret: "short" }, /at least 32 characters, received "5 characters"/],
  [{ secret: [] }, /at least 32 characters/],
  [{ secret: [SECRET, "x"] }, /at least 32 characters/],
  [{ identify: "me" }, /identify: expected a function/],
  [{ contract }, /authorize: expected a function for channel "hostel\/:hostelId"/],
  [{ contract, authorize: { "hostel/:hostelid": () => true } }, /Did you mean "hostel\/:hostelId"/],
  [{ near: { maxBytes: 1 } }, /near.maxBytes: expected a whole number from 1024/],
  [{ near: { maxAge: 60 } }, /near.maxAge: expected a duration/],
  [{ near: { size: 1 } }, /near: unknown option "size"/],
  [{ realm: "a b" }, /realm: expected 1 to 64/],
])("createLive(%j) is refused with the fix", (options, message) => {
  expect(() => createLive(options as never)).toThrow(message);
});

test("a ground without a secret is warned of, and a memory of one's own is not", () => {
  const warnings: string[] = [];
  const logger = { warn: (message: string) => warnings.push(message) };
  open(createLive({ logger }));
  expect(warnings).toEqual([]);
  open(createLive({ logger, ground: createMemoryGround() }));
  expect(warnings).toEqual([expect.stringContaining("Set `secret` on every node")]);
});

test("identify's answer is passed on, nobody is undefined, and its failure has a code", async () => {
  const request = { headers: {}, url: "/", native: undefined };
  const somebody = open(createLive({ identify: ({ url }) => ({ userId: url }) }));
  expect(await somebody.door.identify(request)).toEqual({ userId: "/" });
  const nobody = open(createLive({ identify: () => null }));
  expect(await nobody.door.identify(request)).toBeUndefined();
  const broken = open(createLive({ identify: () => Promise.reject(new Error("no key")) }));
  await expect(broken.door.identify(request)).rejects.toMatchObject({ code: "LIVE_IDENTITY_FAILED" });
});

test("an event that breaks the contract is refused, and then nothing has changed", async () => {
  const live = open(createLive({ contract, authorize: { "hostel/:hostelId": () => true }, secret: SECRET }));
  await live.cache.set("k", 1, { ttl: "1m" });
  const wrong = live.event("hostel/:hostelId", { hostelId: 7 }, "news", 5 as unknown as string);
  await expect(live.change({ tags: ["k"], emit: [wrong] })).rejects.toMatchObject({
    code: "LIVE_EVENT_INVALID",
  });
  expect(await live.cache.has("k")).toBe(true);
  const right = live.event("hostel/:hostelId", { hostelId: 7 }, "news", "hello");
  await live.change({ tags: ["k"], emit: [right] });
  expect(await live.cache.has("k")).toBe(false);
});

test("two nodes on one ground: a change on one is obeyed by the other", async () => {
  const ground = createMemoryGround();
  const [a, b] = [open(createLive({ ground, logger: quiet })), open(createLive({ ground, logger: quiet }))];
  let version = 1;
  const read = (live: Live) => live.cache.getOrSet("k", () => version, { ttl: "1m", tags: ["t"] });
  expect([await read(a), await read(b)]).toEqual([1, 1]);
  version = 2;
  await a.change({ tags: ["t"], wait: "applied" });
  expect([await read(b), await read(a)]).toEqual([2, 2]);
});

test("realms on one ground share nothing", async () => {
  const ground = createMemoryGround();
  const a = open(createLive({ ground, realm: "a", logger: quiet }));
  const b = open(createLive({ ground, realm: "b", logger: quiet }));
  await a.cache.set("k", "a", { ttl: "1m" });
  expect(await b.cache.get("k")).toBeUndefined();
  await b.cache.set("k", "b", { ttl: "1m" });
  await b.change({ tags: ["k"] });
  expect(await a.cache.get("k")).toBe("a");
});

test("a change within a request fences the rest of that request", async () => {
  const live = open(createLive());
  const scope = { fence: undefined, changed: undefined };
  const result = await live.door.scopes.run(scope, () => live.change({ tags: ["t"] }));
  expect(scope).toEqual({ fence: result.position, changed: result.position });
});

test("after closing, everything is refused; closing again is nothing", async () => {
  const live = createLive();
  await live.close();
  await live.close();
  await live[Symbol.asyncDispose]();
  await expect(live.change({ tags: ["t"] })).rejects.toMatchObject({ code: "LIVE_CLOSED" });
  await expect(live.cache.getOrSet("k", () => 1, { ttl: "1m" })).rejects.toMatchObject({
    code: "LIVE_CLOSED",
  });
});
