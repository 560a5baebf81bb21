import { existsSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { startRedis } from "./redis-process.ts";
import type { StartRedisOptions } from "./redis-process.ts";
import { until } from "./until.ts";

async function start(options?: StartRedisOptions) {
  const redis = await startRedis(options);
  onTestFinished(() => redis.close());
  return redis;
}

const isRunning = (pid: number) => existsSync(`/proc/${pid}`);

test("it answers as soon as it has started, and is gone once it is closed", async () => {
  const redis = await start();
  expect(await redis.command("PING")).toBe("+PONG\r\n");
  const pid = redis.pid()!;
  await redis.close();
  await redis.close();
  expect(isRunning(pid)).toBe(false);
  await expect(redis.command("PING")).rejects.toThrow("ECONNREFUSED");
});

test("killed and started again it has the same port and nothing in it", async () => {
  const redis = await start();
  await redis.command("SET k v");
  await redis.kill();
  expect(redis.pid()).toBeUndefined();
  await redis.restart();
  expect(await redis.command("GET k")).toBe("$-1\r\n");
});

test("with persistence it keeps its data over a kill", async () => {
  const redis = await start({ config: ["--appendonly", "yes", "--appendfsync", "always"] });
  await redis.command("SET k v");
  await redis.restart();
  expect(await redis.command("GET k")).toBe("$1\r\nv\r\n");
});

test("frozen it answers nothing, and thawed it answers what it was asked", async () => {
  const redis = await start();
  redis.freeze();
  let answered = false;
  const asked = redis.command("PING").then(() => (answered = true));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(answered).toBe(false);
  redis.thaw();
  await asked;
});

test("a configuration that Redis refuses is an error, not a wait", async () => {
  await expect(startRedis({ config: ["--no-such-option", "1"] })).rejects.toThrow(
    "redis-server did not start (exit code 1)",
  );
});

test("two at once have different ports", async () => {
  const [one, other] = await Promise.all([start(), start()]);
  expect(one.port).not.toBe(other.port);
  await until(() => one.command("PING"), { what: "it answers", withinMs: 5_000 });
});
