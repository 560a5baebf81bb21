import { startRedis, until } from "@livecache/rig";
import { expect, onTestFinished, test } from "vitest";
import type { CachesAnswer, ParentDashboard } from "../src/answers.ts";
import { readSettings } from "../src/settings.ts";
import { startHere, read, visit } from "./support/visitor.ts";

const dashboardOf = (visitor: Parameters<typeof read>[0]) => read<ParentDashboard>(visitor, "/api/dashboard");
const ottoToday = ({ children }: ParentDashboard) =>
  children.find(({ studentId }) => studentId === "otto")!.attendance.at(-1)!.mark;

test("Redis dies and comes back: answers go on, and what was changed meanwhile is right on every node", async () => {
  const redis = await startRedis();
  onTestFinished(() => redis.close());
  const { hostname, port } = new URL(redis.url);
  // As the environment says it, with a database number of its own.
  const { redisUrl } = readSettings({ REDIS_HOST: hostname, REDIS_PORT: port, REDIS_DB: "1" });
  // The server is there before Redis is: everything but grades is answered, because nobody knows yet which sign-ins were given back.
  await redis.kill();
  const server = await startHere({ redisUrl });
  onTestFinished(() => server.close());
  const [noor, hana, lena] = await Promise.all(
    ["noor", "hana", "lena"].map((name) => visit(server.url, name)),
  );
  const caches = () => read<CachesAnswer>(noor!, "/api/caches");
  const mark = (marks: Record<string, string>) => hana!.send("PUT /api/classes/elm-7a/attendance", { marks });

  const grades = async () => (await lena!.get("/api/students/otto/grades")).status;
  expect([(await lena!.get("/api/dashboard")).status, await grades()]).toEqual([200, 503]);
  await redis.restart();
  await until(async () => (await grades()) === 200, { what: "grades are open", withinMs: 30_000 });

  await mark({ otto: "present" });
  expect(ottoToday(await dashboardOf(lena!))).toBe("present");
  const whole = await caches();
  expect(whole.stats).toMatchObject({ type: "redis", connected: true, info: "redis answers" });
  expect(whole.stats.size).toBeGreaterThan(0);

  await redis.kill();
  expect((await mark({ otto: "absent" })).status).toBe(200);
  expect(ottoToday(await dashboardOf(lena!))).toBe("absent");
  await until(async () => !(await caches()).redis.connected, { what: "Redis is away", withinMs: 10_000 });
  // Nobody is kept from signing in or out.
  const guest = await visit(server.url, "samuel");
  expect((await guest.send("DELETE /api/session")).status).toBe(200);
  expect((await guest.get("/api/dashboard")).status).toBe(401);

  await redis.restart();
  await until(async () => (await caches()).redis.connected, { what: "Redis is back", withinMs: 20_000 });
  expect(ottoToday(await dashboardOf(lena!))).toBe("absent");
  expect((await guest.get("/api/dashboard")).status).toBe(401);
  expect((await mark({ otto: "late" })).status).toBe(200);
  expect(ottoToday(await dashboardOf(lena!))).toBe("late");
}, 120_000);
