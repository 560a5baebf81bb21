import { expect, test } from "vitest";
import { createManualClock } from "../../test/socketio/manual-clock.ts";
import { createByteRoom } from "./byte-room.ts";
import { createPushSources } from "./push-sources.ts";
import { MAX_PUSHED_BYTES, parsePushable } from "./pushable-json.ts";
import { createTurns } from "./turns.ts";

const POSITION = { epoch: "a", seq: 1 };
const none = async () => undefined;

test("a way to make a response is wanted until there is one, and again once it has failed", () => {
  const sources = createPushSources(createManualClock());
  expect(sources.wants("k", true)).toBe(true);
  expect(sources.renderOf("k")).toBeUndefined();
  sources.offer("k", none, false);
  expect(sources.wants("k", true)).toBe(false);
  expect(sources.renderOf("k")).toBe(none);
  sources.drop("k");
  expect(sources.wants("k", true)).toBe(true);
});

test("2,000 are remembered; one more and the one not used for longest is forgotten", () => {
  const sources = createPushSources(createManualClock());
  for (let index = 0; index < 2_000; index++) sources.offer(`k${index}`, none, false);
  expect(sources.wants("k0", true)).toBe(false);
  sources.renderOf("k0");
  sources.offer("one more", none, false);
  expect(sources.wants("k0", true)).toBe(false);
  expect(sources.wants("k1", true)).toBe(true);
  expect(sources.wants("k2", true)).toBe(false);
});

test("somebody's credentials are used for 10 minutes, others are welcome after 5, and nobody's at once and for good", () => {
  const clock = createManualClock();
  const sources = createPushSources(clock);
  sources.offer("k", none, true);
  clock.advance(299_999);
  expect([sources.wants("k", true), sources.wants("k", false)]).toEqual([false, true]);
  clock.advance(1);
  expect(sources.wants("k", true)).toBe(true);
  clock.advance(299_999);
  expect(sources.renderOf("k")).toBe(none);
  clock.advance(1);
  expect(sources.renderOf("k")).toBeUndefined();
  sources.offer("k", none, false);
  clock.advance(86_400_000);
  expect([sources.wants("k", true), sources.wants("k", false)]).toEqual([false, false]);
  expect(sources.renderOf("k")).toBe(none);
});

test("without a door nothing is read", async () => {
  const { reader } = createPushSources(createManualClock());
  expect(reader.peek("k")).toBeUndefined();
  expect(await reader.find("k", POSITION)).toBeUndefined();
});

test("bodies have room up to the bound, and give it back", () => {
  const room = createByteRoom(10);
  expect(room.take(10)).toBe(true);
  expect(room.take(1)).toBe(false);
  room.give(4);
  expect(room.take(5)).toBe(false);
  expect(room.take(4)).toBe(true);
});

test("turns are given in order, and no more at a time than there are", async () => {
  const turns = createTurns(2);
  const told: string[] = [];
  const take = async (name: string) => {
    const end = await turns.take();
    told.push(name);
    return end;
  };
  const [first, second] = await Promise.all([take("a"), take("b")]);
  const third = take("c");
  const fourth = take("d");
  await Promise.resolve();
  expect(told).toEqual(["a", "b"]);
  second();
  await third;
  expect(told).toEqual(["a", "b", "c"]);
  first();
  (await fourth)();
  expect(told).toEqual(["a", "b", "c", "d"]);
});

test("a body is JSON of at most 64 KiB and 256 levels, or it is not pushed", () => {
  const text = (length: number) => Buffer.from(JSON.stringify("x".repeat(length - 2)));
  const nested = (depth: number) => Buffer.from(`${"[".repeat(depth)}${"]".repeat(depth)}`);
  expect(parsePushable(text(MAX_PUSHED_BYTES))).toHaveLength(MAX_PUSHED_BYTES - 2);
  expect(parsePushable(text(MAX_PUSHED_BYTES + 1))).toBeUndefined();
  expect(parsePushable(nested(256))).toBeDefined();
  expect(parsePushable(nested(257))).toBeUndefined();
  expect(parsePushable(nested(20_000))).toBeUndefined();
  expect(parsePushable(Buffer.from("{"))).toBeUndefined();
});
