import { startRedis, until } from "@livecache/rig";
import { shareDatabase } from "example-kit/shared-database";
import { expect, onTestFinished, test } from "vitest";
import type { HealthAnswer, MembersAnswer, RegionsAnswer, SessionsAnswer } from "../src/answers.ts";
import { joinCity, middleOf, openPhone } from "./support/phone.ts";
import { startHere } from "./support/start-roads.ts";

const PLACE = { latitude: 28.7037, longitude: 77.2079 };

test("two nodes see each other's drivers; while Redis is away both go on, and afterwards they see each other again", async () => {
  const [redis, database] = await Promise.all([startRedis(), shareDatabase("memory://")]);
  onTestFinished(async () => {
    await database.close();
    await redis.close();
  });
  const shared = {
    redisUrl: redis.url,
    databaseUrl: database.url,
    secret: "the same on both nodes, long enough",
  };
  const [left, right] = [await startHere(shared), await startHere(shared)];
  const [asha, tom, elena] = await Promise.all([
    openPhone(left.url, "asha"),
    openPhone(right.url, "tom"),
    openPhone(right.url, "elena"),
  ]);
  onTestFinished(async () => {
    for (const { client } of [asha, tom, elena]) client.close();
    await Promise.all([left.close(), right.close()]);
  });
  const redisOf = async (url: string): Promise<string> =>
    ((await (await fetch(`${url}/health`)).json()) as HealthAnswer).services.redis;
  const total = async (): Promise<RegionsAnswer> => tom.get<RegionsAnswer>("/api/regions");

  // A driver on the left is seen on the right: the whisper, the region, the session, the hazard.
  const room = await joinCity(asha);
  await joinCity(tom);
  const seen: string[] = [];
  tom.client.channel("city", {}, { vehicle: (_body, { from }) => seen.push(from ?? "nobody") });
  await asha.client.request("locate", PLACE);
  await asha.client.request("heartbeat", {});
  await until(
    () => {
      room.whisper("vehicle", { trip: "t", ...PLACE, heading: 0, speedKmh: 30 });
      return seen.includes("asha");
    },
    { what: "the right hears where the driver on the left is", withinMs: 5_000 },
  );
  await until(
    async () => {
      const { members } = await elena.get<MembersAnswer>("/api/regions/ttngkc/members");
      return members.some(({ userId }) => userId === "asha");
    },
    { what: "the right knows who is in the region", withinMs: 5_000 },
  );
  const [session] = await until(
    async () => {
      const { sessions } = await elena.get<SessionsAnswer>("/api/sessions");
      const there = sessions.filter(({ currentRegionId }) => currentRegionId === "ttngkc");
      return there.length > 0 && there;
    },
    { what: "the right reads the session", withinMs: 15_000 },
  );
  expect(session).toMatchObject({ userId: "asha", lastLocation: PLACE });
  const hourly = Number(await redis.call("TTL", `lc:roads:socket:{${session!.socketId}}`));
  expect(hourly).toBeGreaterThan(3_500);
  expect(hourly).toBeLessThanOrEqual(3_600);
  const beat = Number(await redis.call("TTL", `lc:roads:heartbeat:{${session!.socketId}}`));
  expect(beat).toBeGreaterThan(200);
  expect(beat).toBeLessThanOrEqual(300);

  await redis.kill();
  await until(async () => (await redisOf(left.url)) === "disconnected", {
    what: "health says that Redis is away",
    withinMs: 10_000,
  });
  const health = (await (await fetch(`${right.url}/health`)).json()) as HealthAnswer;
  expect(health.status).toBe("ok");
  const observation = { ...middleOf("neem-street-2"), speedKmh: 40, vibration: 1 };
  const response = await asha.send("POST /api/observations", { observations: [observation] });
  expect(response.status).toBe(201);
  await asha.client.request("locate", middleOf("neem-street-2"));
  await until(async () => (await total()).scope === "local", { what: "counts are local", withinMs: 10_000 });

  await redis.restart();
  await until(async () => (await redisOf(right.url)) === "connected", {
    what: "Redis is back",
    withinMs: 15_000,
  });
  await until(
    async () => {
      const { scope, total: count } = await total();
      return scope === "cluster" && count === 1;
    },
    { what: "the right counts the driver on the left again", withinMs: 15_000 },
  );
}, 90_000);
