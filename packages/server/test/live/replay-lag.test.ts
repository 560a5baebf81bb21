import { expect, onTestFinished, test, vi } from "vitest";
import { defineContract } from "@livecache/wire";
import { createLive } from "../../src/assembly/create-live.ts";
import { createMemoryGround } from "../../src/memory/ground.ts";
import type { TailEvent } from "../../src/ports/change-log.ts";
import type { Ground } from "../../src/ports/ground.ts";
import { joinAs } from "./member.ts";

const anything = {
  "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) },
} as const;
const contract = defineContract({ channels: { "rows/:row": { events: { moved: anything } } } });

/** The same ground for a node that is told of the log late: while it is held, nothing of it arrives. */
function lagging(ground: Ground) {
  const realm = ground.realm("main");
  let held: TailEvent[] | undefined;
  const changeLog: typeof realm.changeLog = {
    ...realm.changeLog,
    tail: ({ node, onEvent }) =>
      realm.changeLog.tail({ node, onEvent: (event) => (held ? held.push(event) : onEvent(event)) }),
  };
  return { ground: { ...ground, realm: () => ({ ...realm, changeLog }) }, hold: () => void (held = []) };
}

test("G3: whoever is replayed an event reads nothing older, also on a node that has not been told of its change", async () => {
  const ground = createMemoryGround();
  const late = lagging(ground);
  const [a, b] = [ground, late.ground].map((of) => {
    const live = createLive({
      ground: of,
      contract,
      authorize: { "rows/:row": () => true },
      secret: "s".repeat(32),
    });
    onTestFinished(live.close);
    return live;
  }) as [ReturnType<typeof createLive<typeof contract>>, ReturnType<typeof createLive<typeof contract>>];
  let version = 1;
  const read = () => b.cache.getOrSet("row:1", () => version, { ttl: "1h", tags: ["row"] });
  await vi.waitUntil(() => b.door.applied());
  expect(await read()).toBe(1);
  const { cursor } = (await joinAs(a, { channel: "rows/1" })).reply;
  late.hold();
  version = 2;
  await a.change({ tags: ["row"], emit: [a.event("rows/:row", { row: "1" }, "moved", version)] });
  const back = await joinAs(b, { channel: "rows/1", cursor });
  expect(back.sent).toEqual([2]);
  expect(await read()).toBe(2);
});
