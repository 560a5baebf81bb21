import { expect, test } from "vitest";
import type { Feeds, Take } from "./feeds.ts";
import { formatHeader, readMessage, subscribeChannel } from "./subscription.ts";
import type { HistoryReply } from "../ports/change-log.ts";

/** A feed that says what the test says, and a place that is answered when the test says so. */
function setUp() {
  const takers = new Set<Take>();
  const feeds: Feeds = {
    async listen(_feed, take) {
      takers.add(take);
      return () => takers.delete(take);
    },
    areOpen: () => true,
    restore: () => Promise.resolve(),
  };
  let answer!: (place: HistoryReply) => void;
  let refuse!: (error: Error) => void;
  const placed = new Promise<HistoryReply>((resolve, reject) => {
    answer = resolve;
    refuse = reject;
  });
  const told: string[] = [];
  const subscribed = subscribeChannel({ channel: "room", feed: "f", feeds, read: () => placed }, (event) =>
    told.push(`${event.cursor.epoch}-${event.cursor.offset} ${event.body}`),
  );
  const say = (seq: number, cursor: string, body = "{}") =>
    publish(`e.${seq} ${cursor} ${formatHeader("c", "told")}`, body);
  const publish = (header: string, body: string) => takers.forEach((take) => take(`${header}\n${body}`));
  return { answer, refuse, subscribed, told, say, publish, takers };
}

const at = (seq: number, offset: number): HistoryReply => ({
  position: { epoch: "e", seq },
  cursor: { epoch: "c", offset },
  events: [],
});

test("what is published while the place is read is delivered once: counted already, or told", async () => {
  const { say, answer, subscribed, told } = setUp();
  await Promise.resolve();
  say(5, "c-1", "counted");
  say(7, "c-2", "after");
  answer(at(6, 1));
  expect((await subscribed).cursor).toEqual({ epoch: "c", offset: 1 });
  say(8, "c-3", "later");
  expect(told).toEqual(["c-2 after", "c-3 later"]);
});

test("an event that is told again, or late, over another connection is dropped; a new epoch of the channel is not", async () => {
  const { say, answer, subscribed, told } = setUp();
  answer(at(1, 0));
  await subscribed;
  say(2, "c-1", "1");
  say(3, "c-2", "2");
  say(2, "c-1", "again");
  say(4, "d-1", "new");
  expect(told).toEqual(["c-1 1", "c-2 2", "d-1 new"]);
});

test("several events of one change are all told", async () => {
  const { say, answer, subscribed, told } = setUp();
  answer(at(1, 0));
  await subscribed;
  say(2, "c-1", "1");
  say(2, "c-2", "2");
  expect(told).toHaveLength(2);
});

test("a body may have line ends, and what is not ours is dropped", async () => {
  const { say, publish, answer, subscribed, told } = setUp();
  answer(at(1, 0));
  await subscribed;
  for (const header of [
    "",
    "null",
    "e.2",
    "e.2 c-1",
    "e.2 c-1 c",
    "e.2 c-1 c told",
    'e c-1 c "told"',
    'e.2 c c "told"',
  ]) {
    publish(header, "foreign");
  }
  say(2, "c-1", '"a\nb"');
  expect(told).toEqual(['c-1 "a\nb"']);
});

test("when the place cannot be read, the subscription ends", async () => {
  const { refuse, subscribed, takers } = setUp();
  refuse(new Error("away"));
  await expect(subscribed).rejects.toThrow("away");
  expect(takers.size).toBe(0);
});

test("after closing nothing is told", async () => {
  const { say, answer, subscribed, told, takers } = setUp();
  answer(at(1, 0));
  const subscription = await subscribed;
  const [take] = takers;
  await subscription.close();
  say(2, "c-1");
  take!('e.2 c-1 c "told"\nlate');
  expect([told, takers.size]).toEqual([[], 0]);
});

test.each(["told", 'a "b"', "a\nb", "a\\b", "ü\u2028", ""])(
  "an event called %j is read as it was written",
  (name) => {
    const message = `e.2 c-1 ${formatHeader("id", name)}\nbody`;
    expect(readMessage("room", message)).toEqual({
      ...{ channel: "room", name, changeId: "id", body: "body" },
      ...{ position: { epoch: "e", seq: 2 }, cursor: { epoch: "c", offset: 1 } },
    });
  },
);
