import { connect } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import {
  makeTestCertificates,
  redisHasTls,
  startCluster,
  startRedis,
  startSentinels,
  until,
} from "../src/index.ts";

test("Sentinels put a replica in the primary's place: on command without loss, and when it is killed with what had not reached it", async () => {
  const site = await startSentinels();
  onTestFinished(site.close);
  const former = await site.primary();
  expect(site.servers[0]).toBe(former);
  await former.call("SET", "before", "1");
  await site.lag();
  await former.call("SET", "after", "1");
  await former.kill();
  const now = await site.successorOf(former);
  expect([await now.call("GET", "before"), await now.call("GET", "after")]).toEqual(["1", null]);
  expect(await site.replicas()).toContain(former);
  await former.restart();
  await until(() => site.catchUp().then(() => true), { what: "the former follows", withinMs: 15_000 });
  await now.call("SET", "k", "v");
  const third = await site.failover();
  expect([third === now, await third.call("GET", "k")]).toEqual([false, "v"]);
});

test("a cluster shares its slots; a replica takes over, and a slot moves step by step", async () => {
  const cluster = await startCluster({ shards: 2, replicasPerShard: 1 });
  onTestFinished(cluster.close);
  const owner = await cluster.ownerOf("{k}");
  expect(await cluster.slotOf("{k}")).toBe(7629);
  for (const key of ["{k}1", "{k}2", "{k}3"]) await owner.call("SET", key, "v");
  const other = cluster.nodes.slice(0, 2).find((node) => node !== owner)!;
  await expect(other.call("GET", "{k}1")).rejects.toThrow(`MOVED 7629 127.0.0.1:${owner.port}`);

  const [replica] = await cluster.replicasOf(owner);
  await cluster.failover(replica!);
  expect(await cluster.successorOf(owner, "{k}")).toBe(replica);
  expect(await replica!.call("GET", "{k}1")).toBe("v");

  const move = await cluster.moveSlot("{k}", other);
  await move.begin();
  expect(await move.moveKeys(2)).toBe(2);
  await expect(replica!.call("GET", "{k}none")).rejects.toThrow(`ASK ${move.slot} 127.0.0.1:${other.port}`);
  await expect(other.call("GET", "{k}none")).rejects.toThrow(`MOVED ${move.slot}`);
  expect(await move.moveKeys()).toBe(1);
  await move.finish();
  expect(await cluster.ownerOf("{k}")).toBe(other);
  expect(await other.call("MGET", "{k}1", "{k}2", "{k}3")).toEqual(["v", "v", "v"]);
});

test("a password, users of an access list, and a limit of memory are a matter of configuration", async () => {
  const redis = await startRedis({
    password: "secret",
    config: ["--maxmemory", "64mb", "--user", "live", "on", ">live-secret", "~lc:*", "+get"],
  });
  onTestFinished(redis.close);
  expect(await redis.call("CONFIG", "GET", "maxmemory")).toEqual(["maxmemory", `${64 * 1024 * 1024}`]);
  expect(await redis.call("ACL", "DRYRUN", "live", "GET", "lc:k")).toBe("OK");
  expect(await redis.call("ACL", "DRYRUN", "live", "GET", "other")).toContain("no permissions");
});

/** Connects as one who trusts `ca`. */
function handshake(port: number, ca: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "localhost", ca }, () => {
      socket.end();
      resolve("trusted");
    });
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? String(error)));
  });
}

test.skipIf(!redisHasTls())("with TLS, it is trusted by who trusts its authority", async () => {
  const tls = makeTestCertificates();
  const redis = await startRedis({ tls, password: "secret" });
  onTestFinished(redis.close);
  expect(redis.url).toBe(`rediss://localhost:${redis.port}`);
  expect(await redis.command("PING")).toBe("+PONG\r\n");
  expect(await handshake(redis.port, tls.ca)).toBe("trusted");
  expect(await handshake(redis.port, makeTestCertificates().ca)).toMatch(/VERIFY|SELF_SIGNED|ISSUER/);
  const old = makeTestCertificates({ days: -1 });
  const expired = await startRedis({ tls: old });
  onTestFinished(expired.close);
  expect(await handshake(expired.port, old.ca)).toBe("CERT_HAS_EXPIRED");
});

test("a reply arrives whole, however long it is", async () => {
  const redis = await startRedis();
  onTestFinished(redis.close);
  const value = "line\r\n".repeat(50_000);
  await redis.call("SET", "k", value);
  expect(await redis.call("GET", "k")).toBe(value);
  expect((await redis.command("GET k")).length).toBe(value.length + "$300000\r\n\r\n".length);
  await expect(redis.call("GET")).rejects.toThrow("wrong number of arguments");
});
