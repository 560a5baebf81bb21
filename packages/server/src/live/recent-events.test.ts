import { expect, test } from "vitest";
import type { ChannelEvent } from "../ports/change-log.ts";
import { createByteRoom } from "./byte-room.ts";
import { createRecentEvents } from "./recent-events.ts";

function eventAt(offset: number, epoch = "e"): ChannelEvent {
  const position = { epoch: "log", seq: offset };
  return {
    channel: "c",
    name: "n",
    body: "1",
    changeId: `change ${offset}`,
    position,
    cursor: { epoch, offset },
  };
}

function offsets(events: readonly ChannelEvent[] | undefined): number[] | undefined {
  return events?.map(({ cursor }) => cursor.offset);
}

const after = (offset: number, epoch = "e") => ({ epoch, offset });

test("it answers what came after a cursor as far back as its row reaches, and nothing beyond", () => {
  const recent = createRecentEvents(createByteRoom(1_000_000));
  for (const offset of [3, 4, 5]) recent.add(eventAt(offset));
  expect(offsets(recent.after(after(3)))).toEqual([4, 5]);
  expect(offsets(recent.after(after(2)))).toEqual([3, 4, 5]);
  expect(recent.after(after(1))).toBeUndefined();
  expect(recent.after(after(4, "another"))).toBeUndefined();
  expect(recent.hasChange("change 4")).toBe(true);
  expect(recent.hasChange("change 1")).toBe(false);
});

test("a hole or another epoch begins the row anew", () => {
  const recent = createRecentEvents(createByteRoom(1_000_000));
  recent.add(eventAt(1));
  recent.add(eventAt(3));
  expect(recent.after(after(0))).toBeUndefined();
  expect(offsets(recent.after(after(2)))).toEqual([3]);
  recent.add(eventAt(1, "f"));
  expect(offsets(recent.after(after(0, "f")))).toEqual([1]);
});

test("older events are put before the row only where they join it", () => {
  const recent = createRecentEvents(createByteRoom(1_000_000));
  for (const offset of [5, 6]) recent.add(eventAt(offset));
  recent.extend([1, 2].map((offset) => eventAt(offset)));
  expect(recent.after(after(3))).toBeUndefined();
  recent.extend([2, 3, 4, 5].map((offset) => eventAt(offset)));
  expect(offsets(recent.after(after(1)))).toEqual([2, 3, 4, 5, 6]);
});

test("it keeps 200 events, and no more bytes than there is room for over all channels", () => {
  const recent = createRecentEvents(createByteRoom(1_000_000));
  for (let offset = 1; offset <= 201; offset++) recent.add(eventAt(offset));
  expect(recent.after(after(0))).toBeUndefined();
  expect(recent.after(after(1))).toHaveLength(200);
  const room = createByteRoom(1_000);
  const [one, other] = [createRecentEvents(room), createRecentEvents(room)];
  for (const offset of [1, 2, 3, 4]) one.add(eventAt(offset));
  expect(offsets(one.after(after(1)))).toEqual([2, 3, 4]);
  other.add(eventAt(1));
  expect(other.after(after(0))).toBeUndefined();
  one.clear();
  other.add(eventAt(2));
  expect(offsets(other.after(after(1)))).toEqual([2]);
});
