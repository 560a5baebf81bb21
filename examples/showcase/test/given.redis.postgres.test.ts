import { startPostgres, startRedis, until } from "@livecache/rig";
import { expect, onTestFinished, test } from "vitest";
import type { ExhibitsAnswer, StageAnswer } from "../src/answers.ts";
import { ask, startShowcase, throwSwitch } from "./support/start-showcase.ts";

test("on a Redis and a PostgreSQL that were given, each application has a schema of its own, and the page tells of Redis without switching it", async () => {
  const [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
  onTestFinished(async () => {
    await Promise.all([redis.close(), postgres.close()]);
  });
  const showcase = await startShowcase("main", {
    ...{ REDIS_URL: redis.url, DATABASE_URL: postgres.url, APPLICATIONS: "hostel,parts" },
  });
  onTestFinished(() => showcase.kill());
  const get = async <Answer>(path: string): Promise<Answer> =>
    JSON.parse((await ask(showcase.url, { path })).text) as Answer;

  const { exhibits } = await get<ExhibitsAnswer>("/api/exhibits");
  expect(exhibits.map(({ name, failure }) => [name, failure])).toEqual([
    ["hostel", undefined],
    ["parts", undefined],
  ]);
  const entered = await ask(showcase.url, { path: "/~enter", host: "asha.hostel.localhost" });
  expect(entered.status).toBe(303);
  const tables = await postgres.query(
    "select table_schema from information_schema.tables where table_name = 'people' order by 1",
  );
  expect(JSON.stringify(tables)).toMatch(/hostel.*parts/);

  const stage = (): Promise<StageAnswer> => get("/api/stage");
  expect((await stage()).redis).toEqual({ kind: "given", state: "running" });
  await expect(throwSwitch(showcase.url, "/api/redis", { act: "stop" })).rejects.toThrow(/409.*REDIS_URL/);
  const untilTold = (words: RegExp) =>
    until(async () => (await stage()).happenings.some((one) => words.test(one.words)), {
      what: words.source,
      withinMs: 20_000,
    });
  await redis.kill();
  await untilTold(/^This process noticed that Redis is away/);
  expect((await stage()).nodes).toMatchObject([{ ground: "away", state: "running" }]);
  await redis.restart();
  await untilTold(/^This process works with Redis again/);
  await untilTold(/^Meanwhile visitors asked \d+ times/);
}, 120_000);
