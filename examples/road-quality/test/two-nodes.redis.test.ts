import { startRedis, until } from "@livecache/rig";
import type { RedisProcess } from "@livecache/rig";
import type { RunningServer } from "example-kit/run-server";
import { shareDatabase } from "example-kit/shared-database";
import type { SharedDatabase } from "example-kit/shared-database";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { HealthAnswer, MembersAnswer, RegionsAnswer, SessionsAnswer } from "../src/answers.ts";
import { joinCity, middleOf, openPhone } from "./support/phone.ts";
import type { Phone } from "./support/phone.ts";
import { startHere } from "./support/start-roads.ts";

const PLACE = { latitude: 28.7037, longitude: 77.2079 };

let redis: RedisProcess;
let database: SharedDatabase;
let left: RunningServer;
let right: RunningServer;
/** Drives, on the left. */
let asha: Phone;
/** Looks on, on the right. */
let tom: Phone;
let elena: Phone;

beforeAll(async () => {
  [redis, database] = await Promise.all([startRedis(), shareDatabase("memory://")]);
  const shared = {
    redisUrl: redis.url,
    databaseUrl: database.url,
    secret: "the same on both nodes, long enough",
  };
  [left, right] = [await startHere(shared), await startHere(shared)];
  [asha, tom, elena] = await Promise.all([
    openPhone(left.url, "asha"),
    openPhone(right.url, "tom"),
    openPhone(right.url, "elena"),
  ]);
});

afterAll(async () => {
  for (const phone of [asha, tom, elena]) phone?.client.close();
  await Promise.all([left?.close(), right?.close()]);
  await database?.close();
  await redis?.close();
});

async function healthOf({ url }: RunningServer): Promise<HealthAnswer> {
  return (await (await fetch(`${url}/health`)).json()) as HealthAnswer;
}

test("a driver on one node is seen on the other: place, region and session, which ends by itself", async () => {
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
  const session = await until(
    async () => {
      const { sessions } = await elena.get<SessionsAnswer>("/api/sessions");
      return sessions.find(({ currentRegionId }) => currentRegionId === "ttngkc");
    },
    { what: "the right reads the session", withinMs: 15_000 },
  );
  expect(session).toMatchObject({ userId: "asha", lastLocation: PLACE });
  const lastsS = async (what: string): Promise<number> =>
    Number(await redis.call("TTL", `lc:roads:${what}:{${session.socketId}}`));
  expect(Math.abs((await lastsS("socket")) - 3_560)).toBeLessThanOrEqual(40);
  expect(Math.abs((await lastsS("heartbeat")) - 260)).toBeLessThanOrEqual(40);
});

test("a hazard that is reported on one node is told in the region on the other", async () => {
  const heard = new Promise((resolve) => {
    asha.client.channel("region/:cell", { cell: "ttngkc" }, { hazard_reported: ({ note }) => resolve(note) });
  });
  const response = await tom.send("POST /api/hazards", { kind: "pothole", note: "From the right", ...PLACE });
  expect(response.status).toBe(201);
  expect(await heard).toBe("From the right");
});

test("while Redis is away both go on; afterwards they see each other again", async () => {
  const regions = (): Promise<RegionsAnswer> => tom.get<RegionsAnswer>("/api/regions");
  await redis.kill();
  await until(async () => (await healthOf(left)).services.redis === "disconnected", {
    what: "health says that Redis is away",
    withinMs: 10_000,
  });
  expect(await healthOf(left)).toMatchObject({ status: "ok", services: { mongodb: "connected" } });
  const observation = { ...middleOf("neem-street-2"), speedKmh: 40, vibration: 1 };
  const response = await asha.send("POST /api/observations", { observations: [observation] });
  expect(response.status).toBe(201);
  await asha.client.request("locate", middleOf("neem-street-2"));
  await until(async () => (await regions()).scope === "local", {
    what: "counts are local",
    withinMs: 10_000,
  });

  await redis.restart();
  await until(async () => (await healthOf(right)).services.redis === "connected", {
    what: "Redis is back",
    withinMs: 15_000,
  });
  await until(
    async () => {
      const { scope, total } = await regions();
      return scope === "cluster" && total === 1;
    },
    { what: "the right counts the driver on the left again", withinMs: 15_000 },
  );
});
