import { startRedis } from "@livecache/rig";
import { createClient } from "redis";
import { expect, onTestFinished, test } from "vitest";
import { randomWord } from "../../src/base/ids.ts";
import { createKeyspace } from "../../src/redis/keyspace.ts";
import { createPulse } from "../../src/redis/pulse.ts";
import type { Pulse } from "../../src/redis/pulse.ts";
import { loadScripts } from "../../src/redis/run-script.ts";
import type { Send } from "../../src/redis/wire.ts";

/** A Redis, and two users of it: one that may do everything, and one that may not read INFO. */
async function open() {
  const redis = await startRedis();
  onTestFinished(redis.close);
  await redis.call("ACL", "SETUSER", "blind", "on", ">pw", "~*", "+@all", "-info");
  const connectAs = async (user: string): Promise<Send> => {
    const url = `redis://${user}127.0.0.1:${redis.port}`;
    const client = createClient({ url, RESP: 3 });
    await client.connect();
    onTestFinished(() => client.destroy());
    return (args) => client.sendCommand([...args]);
  };
  const keyspace = createKeyspace({ prefix: "lc", database: 0, realm: "main" });
  const seeing = await connectAs("");
  await loadScripts(seeing);
  const pulse = (): Pulse => createPulse(keyspace, randomWord(12));
  return { seeing, blind: await connectAs("blind:pw@"), redis, keyspace, pulse };
}

/** The epochs that a pulse finds, heartbeat by heartbeat. */
async function epochsOf(pulse: Pulse, beats: readonly (readonly [Send, string])[]): Promise<string[]> {
  const epochs = [];
  for (const [send, place] of beats) {
    await pulse.beat(send, { place, isFirst: false });
    epochs.push(pulse.known()!.epoch);
  }
  return epochs;
}

test("who may not read INFO tells a primary from another by host and port, and does not judge what others found by INFO", async () => {
  const { seeing, blind, pulse } = await open();
  const one = pulse();
  const [a, again, b] = await epochsOf(one, [
    [blind, "a:1"],
    [blind, "a:1"],
    [blind, "b:1"],
  ]);
  expect([again === a, b === a]).toEqual([true, false]);
  // The same server, whatever it is called: by its run id it is one.
  const epochs = await epochsOf(pulse(), [
    [seeing, "x:1"],
    [blind, "b:1"],
    [seeing, "y:1"],
    [blind, "b:1"],
  ]);
  expect(new Set([...epochs, b]).size).toBe(1);
});

test("a realm that does not know its primary any more begins anew, once", async () => {
  const { seeing, pulse, redis, keyspace } = await open();
  const one = pulse();
  const [before] = await epochsOf(one, [[seeing, "a:1"]]);
  await redis.call("DEL", keyspace.primary);
  const after = await epochsOf(one, [
    [seeing, "a:1"],
    [seeing, "a:1"],
  ]);
  expect(after[0]).not.toBe(before);
  expect(after[1]).toBe(after[0]);
});

test("what an old primary acknowledged is missed on a new connection, also when another node has renewed the epoch already", async () => {
  const { seeing, pulse, redis, keyspace } = await open();
  const one = pulse();
  for (let beat = 0; beat < 3; beat++) await one.beat(seeing, { place: "a:1", isFirst: beat === 0 });
  const mark = (await redis.call("KEYS", keyspace.mark("*"))) as readonly string[];
  // Another node has found the new primary, and begun an epoch. Of the marks, one that is older has come through.
  await redis.call("SET", mark[0]!, "1");
  await redis.call("SET", keyspace.head, `another.${Date.now() * 1_000 + 5_000_000}`);
  await one.beat(seeing, { place: "a:1", isFirst: true });
  expect(one.known()!.epoch).not.toBe("another");
  const { epoch } = one.known()!;
  await one.beat(seeing, { place: "a:1", isFirst: true });
  expect(one.known()!.epoch).toBe(epoch);
});
