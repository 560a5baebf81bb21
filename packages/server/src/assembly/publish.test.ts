import { defineContract } from "@livecache/wire";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { createMemoryGround } from "../memory/ground.ts";
import { createLive } from "./create-live.ts";

const contract = defineContract({
  channels: { "job/:id": { events: { progress: z.object({ done: z.int() }) } } },
});
const ground = createMemoryGround();
const live = createLive({ ground, contract, authorize: { "job/:id": () => true } });

afterEach(() => live.close());

test("publish sends one event to the channel and moves nothing; bad calls are refused with what to write", async () => {
  const heard: unknown[] = [];
  const { changeLog } = ground.realm("main");
  const subscription = await changeLog.subscribe("job/7", (event) => void heard.push(event));
  await live.cache.set("job:7", 1, { ttl: "short" });

  expect(await live.publish("job/:id", { id: 7 }, "progress", { done: 1 })).toMatchObject({ pending: false });
  await live.cache.publish("job/:id", { id: 7 }, "progress", { done: 2 });
  await expect.poll(() => heard).toMatchObject([{ name: "progress" }, { name: "progress" }]);
  expect(await live.cache.has("job:7")).toBe(true);
  await subscription.close();

  // @ts-expect-error: the body is not what the contract says
  await expect(live.publish("job/:id", { id: 7 }, "progress", { done: "1" })).rejects.toMatchObject({
    code: "LIVE_EVENT_INVALID",
  });
  // @ts-expect-error: the channel is not declared
  await expect(live.cache.publish("progress:42", { done: 1 })).rejects.toThrow(
    /no channel "progress:42".*"progress\/:id": { events: .*publish\("progress\/:id", { id: "42" }, "news", data\)/,
  );
  // @ts-expect-error: parameters and event are missing
  await expect(live.publish("job/:id", "message")).rejects.toThrow(
    /expected publish\("job\/:id", { \.\.\.parameters }, "progress", data\)/,
  );
  await expect(live.publish(7 as never, {} as never, "progress", {} as never)).rejects.toThrow(/received 7/);
});
