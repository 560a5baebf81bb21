import { LiveError } from "@livecache/wire";
import { expect, test } from "vitest";
import { slotOf } from "./slots.ts";
import { createSpreadBatch } from "./spread-batch.ts";
import type { Send } from "./wire.ts";

const HEAD = "{lc:main}:head";

/** A reader of keys whose values are their names; `a` keys have a slot of their own, and so have `b` keys. */
function reader(isAway: (key: string) => boolean = () => false) {
  const sent: string[][] = [];
  const send: Send = async (args) => {
    const [command, ...keys] = args.map(String);
    sent.push([command!, ...keys]);
    expect(new Set(keys.map(slotOf)).size).toBe(1);
    if (keys.some(isAway)) throw new LiveError("LIVE_GROUND_AWAY", "away");
    if (command === "GET") return Buffer.from("e.7");
    return keys.map((key) => (key.includes("absent") ? null : Buffer.from(key)));
  };
  const read = createSpreadBatch({ head: HEAD, send });
  return {
    sent,
    read: async (...keys: string[]) => {
      const { head, values } = await read(keys);
      return { head, values: values.map((value) => value?.toString()) };
    },
  };
}

const head = { epoch: "e", seq: 7 };

test("what is asked for in one turn goes out together: the head once, and a command for each slot", async () => {
  const { sent, read } = reader();
  const replies = await Promise.all([read("{a}1", "{b}1"), read("{a}2", "{a}absent", "{a}1"), read()]);
  expect(replies).toEqual([
    { head, values: ["{a}1", "{b}1"] },
    { head, values: ["{a}2", undefined, "{a}1"] },
    { head, values: [] },
  ]);
  expect(sent).toEqual([
    ["GET", HEAD],
    ["MGET", "{a}1", "{a}2", "{a}absent"],
    ["MGET", "{b}1"],
  ]);
});

test("keys whose server is away are absent beside others, and fail alone; nobody else is touched", async () => {
  const { read } = reader((key) => key.includes("b"));
  const [both, away, here] = await Promise.allSettled([
    read("{a}1", "{b}1"),
    read("{b}1", "{b}2"),
    read("{a}1"),
  ]);
  expect(both).toMatchObject({ value: { head, values: ["{a}1", undefined] } });
  expect(away).toMatchObject({ reason: { code: "LIVE_GROUND_AWAY" } });
  expect(here).toMatchObject({ value: { head, values: ["{a}1"] } });
});

test("without the head nothing can be judged: everybody fails", async () => {
  const { read } = reader((key) => key === HEAD);
  await expect(read("{a}1")).rejects.toMatchObject({ code: "LIVE_GROUND_AWAY" });
});

test("no command names more than 500 keys", async () => {
  const { sent, read } = reader();
  const keys = Array.from({ length: 1_001 }, (_, n) => `{a}${n}`);
  expect((await read(...keys)).values).toEqual(keys);
  expect(sent.map(({ length }) => length - 1)).toEqual([1, 500, 500, 1]);
});
