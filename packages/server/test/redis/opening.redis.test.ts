import { readFile } from "node:fs/promises";
import { inspect as show } from "node:util";
import { freePort, startRedis, until } from "@livecache/rig";
import { expect, onTestFinished, test } from "vitest";
import type { LiveError } from "@livecache/wire";
import { openRedis } from "../../src/redis/open.ts";
import type { OpenRedisOptions } from "../../src/redis/open.ts";
import {
  callAll,
  follow,
  openSite,
  refuseUnhandledRejections,
  stateOf,
  store,
  took,
  untilStatus,
} from "./redis-site.ts";

refuseUnhandledRejections();

async function failureOf(url: string, options?: OpenRedisOptions): Promise<LiveError> {
  const outcome = await openRedis(url, options).catch((error: unknown) => error as LiveError);
  if ("kind" in outcome) {
    await outcome.close();
    throw new Error("it opened");
  }
  return outcome;
}

async function startWithPassword(password: string) {
  const redis = await startRedis({ config: ["--requirepass", password] });
  onTestFinished(redis.close);
  return redis;
}

test.each(["wr0ng", "p@ss:w0rd", "a/b?c#d"])(
  "a wrong password is refused, and %j stands in no message",
  async (password) => {
    const { port } = await startWithPassword("right");
    const error = await failureOf(`redis://:${encodeURIComponent(password)}@127.0.0.1:${port}`);
    expect(error).toMatchObject({ code: "LIVE_GROUND_REFUSED", retryable: false });
    expect(error.message).toContain("WRONGPASS");
    for (const secret of [password, encodeURIComponent(password)]) {
      expect(show(error, { depth: 10, showHidden: true })).not.toContain(secret);
    }
  },
);

test("the right password, with signs that an address encodes, opens", async () => {
  const password = "p@ss:w0rd/#?";
  const { port } = await startWithPassword(password);
  const ground = await openRedis(`redis://:${encodeURIComponent(password)}@127.0.0.1:${port}/3`);
  onTestFinished(ground.close);
  expect(await store(ground.realm("main"))).toMatchObject({ state: "stored" });
});

test("a missing password is refused", async () => {
  const { port } = await startWithPassword("right");
  const error = await failureOf(`redis://127.0.0.1:${port}`);
  expect(error).toMatchObject({ code: "LIVE_GROUND_REFUSED", message: expect.stringContaining("NOAUTH") });
});

test("where nobody listens, opening fails within its time, and names the address without the password", async () => {
  const port = await freePort();
  const { answer: error, tookMs } = await took(() =>
    failureOf(`redis://user:secret@127.0.0.1:${port}`, { connectTimeout: "500ms" }),
  );
  expect(error).toMatchObject({ code: "LIVE_GROUND_AWAY", retryable: true });
  expect(error.message).toContain(`${port}`);
  expect(show(error, { depth: 10, showHidden: true })).not.toContain("secret");
  expect(tookMs).toBeLessThan(4_000);
});

test("opened degraded where nobody listens: away at once, here as soon as there is a Redis", async () => {
  const port = await freePort();
  const ground = await openRedis(`redis://127.0.0.1:${port}`, { start: "degraded", connectTimeout: "300ms" });
  onTestFinished(ground.close);
  expect(ground.status()).toMatchObject({ state: "away", cause: expect.stringContaining(`${port}`) });
  for (const { end, tookMs } of await callAll(ground.realm("main"))) {
    // At once, and not after the 250 ms that a command may take.
    expect([end, Math.max(tookMs, 200)]).toEqual(["LIVE_GROUND_AWAY", 200]);
  }
  const redis = await startRedis({ port });
  onTestFinished(redis.close);
  await untilStatus(ground, "here", 5_000);
  await store(ground.realm("main"));
  expect(await stateOf(ground.realm("main"))).toBe("valid");
});

test("a replica, and a user that may not use our keys, are refused", async () => {
  const primary = await startRedis();
  onTestFinished(primary.close);
  const replica = await startRedis({ config: ["--replicaof", "127.0.0.1", `${primary.port}`] });
  onTestFinished(replica.close);
  expect(await failureOf(replica.url)).toMatchObject({
    code: "LIVE_GROUND_REFUSED",
    message: expect.stringContaining("replica"),
  });
  await primary.command("ACL SETUSER limited on >pass ~other:* +@all");
  const limited = `redis://limited:pass@127.0.0.1:${primary.port}`;
  expect(await failureOf(limited)).toMatchObject({
    code: "LIVE_GROUND_REFUSED",
    message: expect.stringContaining("NOPERM"),
  });
});

test("a user with the access list of docs/reference/keys.md may do everything", async () => {
  const page = await readFile(new URL("../../../../docs/reference/keys.md", import.meta.url), "utf8");
  const redis = await startRedis();
  onTestFinished(redis.close);
  expect(await redis.command(`ACL SETUSER ${/^user (.+)$/m.exec(page)![1]}`)).toContain("OK");
  const ground = await openRedis(`redis://livecache:password@127.0.0.1:${redis.port}`);
  onTestFinished(ground.close);
  const realm = ground.realm("main");
  await follow(realm);
  expect((await callAll(realm)).filter(({ end }) => end !== "answered")).toEqual([]);
});

test("closing is quick while Redis is frozen, and ends a connection that is being made", async () => {
  const { ground, redis, realm } = await openSite();
  realm.changeLog.tail({ node: "reader", onEvent: () => undefined });
  redis.freeze();
  await untilStatus(ground, "away", 5_000);
  const calls = callAll(realm);
  const { tookMs } = await took(ground.close);
  expect(tookMs).toBeLessThan(2_000);
  redis.thaw();
  await calls;
  await until(async () => !(await redis.command("CLIENT LIST")).includes("lib-name=node-redis"), {
    what: "no connection of ours is left",
    withinMs: 5_000,
  });
});

test("the same names in another database or under another prefix are other things", async () => {
  const { redis, realm } = await openSite();
  await store(realm);
  for (const [url, prefix] of [
    [`${redis.url}/1`, "lc"],
    [redis.url, "other"],
  ] as const) {
    const ground = await openRedis(url, { prefix });
    onTestFinished(ground.close);
    const other = ground.realm("main");
    expect(await stateOf(other)).toBe("absent");
    const told: string[] = [];
    await other.changeLog.subscribe("room", ({ body }) => void told.push(body));
    const say = (to: typeof realm, body: string) =>
      to.changeLog.append({
        ...{ changeId: body, origin: "test", tags: [], mode: "purge" },
        events: [{ channel: "room", name: "told", body }],
      });
    await say(realm, "elsewhere");
    await say(other, "here");
    await until(() => told.length > 0, { what: "its own event arrives", withinMs: 5_000 });
    expect(told).toEqual(["here"]);
  }
});
