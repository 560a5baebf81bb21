import { freePort, openGate, startRedis } from "@livecache/rig";
import { openRedis } from "livecache/redis";
import { expect, onTestFinished, test } from "vitest";
import type { Finding } from "../../src/cli/doctor/finding.ts";
import { runCommand } from "./run-command.ts";
import type { Ran } from "./run-command.ts";
import { openSite } from "./site.ts";

function bad(ran: Ran): string[] {
  const { findings } = ran.json<{ findings: Finding[] }>();
  return findings
    .filter(({ level }) => level !== "ok" && level !== "skipped")
    .map(({ level, code }) => `${level} ${code}`);
}

test("Redis is looked at directly, nothing is left there, and its settings are shown without the password", async () => {
  const redis = await startRedis({ config: ["--maxmemory-policy", "allkeys-lru"], password: "hush-hush" });
  onTestFinished(redis.close);
  const plain = `redis://127.0.0.1:${redis.port}`;
  const url = plain.replace("redis://", "redis://:hush-hush@");
  const ran = await runCommand(["doctor", "--redis-url", url, "--json"]);
  expect(ran.code).toBe(0);
  expect(bad(ran)).toEqual(expect.arrayContaining(["warning redis-eviction", "note redis-persistence"]));
  expect(ran.json().settings.Redis).toMatchObject({ "maxmemory-policy": "allkeys-lru", realms: "none" });
  expect(ran.out).not.toContain("hush-hush");
  const wrong = await runCommand(["doctor", "--redis-url", plain, "--json"]);
  expect([wrong.code, bad(wrong)]).toEqual([1, ["problem redis-refused"]]);
  const nobody = await runCommand([
    "doctor",
    "--redis-url",
    `redis://127.0.0.1:${await freePort()}`,
    "--json",
  ]);
  expect([nobody.code, bad(nobody)]).toEqual([1, ["problem redis-reach"]]);
});

test("a Redis that is far away is said to be slow, with the time that it took", async () => {
  const redis = await startRedis();
  onTestFinished(redis.close);
  const gate = await openGate(redis.port);
  onTestFinished(gate.close);
  gate.delay(40);
  const ran = await runCommand(["doctor", "--redis-url", gate.url, "--json"]);
  expect(bad(ran)).toContain("warning redis-slow");
  const { findings } = ran.json<{ findings: Finding[] }>();
  expect(findings.find(({ code }) => code === "redis-slow")).toMatchObject({
    what: expect.stringMatching(/takes \d+ ms from here/),
    fix: expect.stringContaining("into one network"),
  });
});

test("two nodes that share a Redis are seen from each; with another prefix they are found to be apart", async () => {
  const redis = await startRedis();
  onTestFinished(redis.close);
  const a = await openSite({ ground: await openRedis(redis.url) });
  const b = await openSite({ ground: await openRedis(redis.url) });
  const urls = [a, b].flatMap(({ url }) => ["--url", `${url}/ops`]);
  const together = await a.cli(["doctor", ...urls, "--json"]);
  expect(bad(together).filter((line) => line.startsWith("problem"))).toEqual([]);
  const { settings } = together.json();
  expect(settings[`node ${a.live.node}`]).toMatchObject({
    ground: "redis",
    prefix: "lc",
    realm: "main",
    password: "none",
  });
  const status = (await a.cli(["status", "--json"])).json();
  expect(status.nodes.map(({ node }: { node: string }) => node).sort()).toEqual(
    [a.live.node, b.live.node].sort(),
  );

  const c = await openSite({
    ground: await openRedis(redis.url, { prefix: "other" }),
    live: { secret: undefined },
  });
  const apart = await a.cli(["doctor", ...urls, "--url", `${c.url}/ops`, "--redis-url", redis.url, "--json"]);
  expect(bad(apart)).toEqual(
    expect.arrayContaining(["problem nodes-apart", "problem secret-random", "note redis-prefixes"]),
  );
  const { findings } = apart.json<{ findings: Finding[] }>();
  const advice = findings.filter(({ code, level }) => code === "redis-persistence" && level === "note");
  expect(advice).toHaveLength(1);
  const what = apart
    .json<{ findings: Finding[] }>()
    .findings.find(({ code }) => code === "nodes-apart")?.what;
  expect(what).toMatch(/prefix lc.*prefix other/s);
});
