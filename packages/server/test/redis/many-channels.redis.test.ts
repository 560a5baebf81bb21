import { until } from "@livecache/rig";
import { expect, test } from "vitest";
import { changeOf, inspect, openSite, refuseUnhandledRejections } from "./redis-site.ts";

refuseUnhandledRejections();

const CHANNELS = Array.from({ length: 1_200 }, (_, index) => `room/${index}`);

test("more channels than commands may be on their way are all subscribed to again on a new connection", async () => {
  const site = await openSite({ maxInFlight: 100 });
  const { realm, redis } = site;
  const { client } = await inspect(site);
  const told = new Map<string, string[]>();
  for (const channel of CHANNELS) {
    told.set(channel, []);
    await realm.changeLog.subscribe(channel, ({ body }) => told.get(channel)!.push(body));
  }
  await redis.command("CLIENT KILL TYPE pubsub");
  await until(async () => ((await client.pubSubShardChannels()) as unknown[]).length === CHANNELS.length, {
    what: "every channel is subscribed to again",
    withinMs: 5_000,
  });
  for (let from = 0; from < CHANNELS.length; from += 100) {
    const events = CHANNELS.slice(from, from + 100).map((channel) => ({
      channel,
      name: "told",
      body: channel,
    }));
    await realm.changeLog.append(changeOf({ events }));
  }
  await until(() => [...told.values()].every(({ length }) => length === 1), {
    what: "every channel has its event",
    withinMs: 3_000,
  });
  for (const [channel, bodies] of told) expect(bodies).toEqual([channel]);
});

test("a channel that its last subscriber left is not subscribed to any more", async () => {
  const site = await openSite();
  const { realm } = site;
  const { client } = await inspect(site);
  const channels = async () => (await client.pubSubShardChannels()) as unknown as string[];
  const two = await Promise.all(["one", "two"].map(() => realm.changeLog.subscribe("room", () => undefined)));
  await two[0]!.close();
  await two[0]!.close();
  expect(await channels()).toHaveLength(1);
  await two[1]!.close();
  await until(async () => (await channels()).length === 0, { what: "nobody is subscribed", withinMs: 2_000 });
});
