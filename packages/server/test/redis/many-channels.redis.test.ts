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
  await until(async () => (await channels()).length === 0, { what: "nobody is subscribed", withinMs: 5_000 });
});

test("channels that are opened in one turn are subscribed to, and read, together", async () => {
  const site = await openSite();
  const { realm } = site;
  const { client } = await inspect(site);
  const { changeLog } = realm;
  const channels = CHANNELS.slice(0, 160);
  const kept = { maxEvents: 10, maxAgeMs: 60_000 };
  for (const channel of channels) {
    await changeLog.append(changeOf({ events: [{ channel, name: "told", body: channel, kept }] }));
  }
  const { epoch } = await changeLog.cursor(channels[0]!);
  await client.sendCommand(["CONFIG", "RESETSTAT"]);
  const opened = await Promise.all(
    channels.map(async (channel, index) => {
      // A channel's epoch is that of its first event.
      const { missed, cursor } = await changeLog.subscribe(channel, () => undefined, {
        after: { epoch: index === 0 ? epoch : "another", offset: 0 },
        ...{ limit: 10, maxBytes: 10_000, ...kept },
      });
      return { offset: cursor.offset, events: missed?.events.map(({ body }) => body), gap: missed?.gap };
    }),
  );
  expect(opened[0]).toEqual({ offset: 1, events: [channels[0]], gap: undefined });
  expect(opened.slice(1)).toEqual(channels.slice(1).map(() => ({ offset: 1, events: [], gap: "epoch" })));
  const info = String(await client.sendCommand(["INFO", "commandstats"]));
  const calls = (name: string) => Number(new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(info)?.[1] ?? 0);
  expect(calls("ssubscribe")).toBe(1);
  // Sixteen at a time, and what the ground's heart beats meanwhile.
  expect(calls("evalsha")).toBeLessThanOrEqual(10 + 4);
});
