import { expect, onTestFinished, test, vi } from "vitest";
import { defineContract } from "@livecache/wire";
import { createLive } from "../../src/assembly/create-live.ts";
import { createMemoryGround } from "../../src/memory/ground.ts";
import type { Ground } from "../../src/ports/ground.ts";
import { joinAs } from "./member.ts";

const anything = {
  "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) },
} as const;
const contract = defineContract({ channels: { "rows/:row": { events: { moved: anything } } } });

/** The same ground for a node that is told late: while it is held, nothing of the log arrives, and no events if they are held too. */
function lagging(ground: Ground) {
  const realm = ground.realm("main");
  let holds: "nothing" | "log" | "all" = "nothing";
  const changeLog: typeof realm.changeLog = {
    ...realm.changeLog,
    tail: ({ node, onEvent }) =>
      realm.changeLog.tail({ node, onEvent: (event) => holds === "nothing" && onEvent(event) }),
    subscribe: (channel, onEvent, missed) =>
      realm.changeLog.subscribe(channel, (event) => holds !== "all" && onEvent(event), missed),
  };
  const hold = (what: "log" | "all"): void => void (holds = what);
  return { ground: { ...ground, realm: () => ({ ...realm, changeLog }) }, hold };
}

type TestLive = ReturnType<typeof createLive<typeof contract>>;

/** Two nodes, of which the second one can be held. */
function openNodes() {
  const ground = createMemoryGround();
  const late = lagging(ground);
  const [a, b] = [ground, late.ground].map((of) => {
    const authorize = { "rows/:row": () => true };
    const live = createLive({ ground: of, contract, authorize, secret: "s".repeat(32) });
    onTestFinished(live.close);
    return live;
  }) as [TestLive, TestLive];
  return { a, b, hold: late.hold };
}

const moved = (live: TestLive, version: number) =>
  live.change({ tags: ["row"], emit: [live.event("rows/:row", { row: "1" }, "moved", version)] });

test("G3: whoever is replayed an event reads nothing older, also on a node that has not been told of its change", async () => {
  const { a, b, hold } = openNodes();
  let version = 1;
  const read = () => b.cache.getOrSet("row:1", () => version, { ttl: "1h", tags: ["row"] });
  await vi.waitUntil(() => b.door.applied());
  expect(await read()).toBe(1);
  const { cursor } = (await joinAs(a, { channel: "rows/1" })).reply;
  hold("log");
  version = 2;
  await moved(a, version);
  const back = await joinAs(b, { channel: "rows/1", cursor });
  expect(back.sent).toEqual([2]);
  expect(await read()).toBe(2);
});

test("G4: who has seen more than a node that does not catch up begins anew there, and is told nothing twice", async () => {
  const { a, b, hold } = openNodes();
  const seen = await joinAs(a, { channel: "rows/1" });
  await joinAs(b, { channel: "rows/1" });
  hold("all");
  await moved(a, 1);
  await vi.waitUntil(() => seen.sent.length === 1);
  const { cursor } = seen.metas[0] as { cursor: string };
  const { reply } = await joinAs(b, { channel: "rows/1", cursor });
  expect(reply).toMatchObject({ resumed: false, reason: "lost" });
  expect(reply.cursor).not.toBe(cursor);
});
