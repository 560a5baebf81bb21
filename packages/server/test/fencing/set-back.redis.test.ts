import { openGate, startRedis, until } from "@livecache/rig";
import { expect, test } from "vitest";
import { createKeyspace } from "../../src/redis/keyspace.ts";
import { openRedis } from "../../src/redis/open.ts";
import { createPulse } from "../../src/redis/pulse.ts";
import { loadScripts } from "../../src/redis/run-script.ts";
import type { Send } from "../../src/redis/wire.ts";
import { follow, move, refuseUnhandledRejections, startsOf, stateOf, store } from "../redis/redis-site.ts";
import { onTestFinished, sideBySide } from "../side-by-side.ts";

refuseUnhandledRejections();

async function openSite(config: readonly string[] = []) {
  const redis = await startRedis({ config });
  onTestFinished(redis.close);
  const gate = await openGate(redis.port);
  onTestFinished(gate.close);
  const open = async (url: string) => {
    const ground = await openRedis(url, { commandTimeout: "1s", connectTimeout: "20s" });
    onTestFinished(ground.close);
    return ground;
  };
  return { redis, gate, open };
}

/** Every answer of the entry from now on, until it is asked to end. */
function watch(realm: Parameters<typeof stateOf>[0]) {
  const states: string[] = [];
  const over = new AbortController();
  const watching = (async () => {
    while (!over.signal.aborted) {
      states.push(await stateOf(realm).catch(() => "unknown"));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  })();
  return async () => {
    over.abort();
    await watching;
    return states;
  };
}

test.concurrent(
  "what only a dead node knew to be lost: a server that starts from a dump is another one, and nothing in it counts",
  sideBySide(async () => {
    const { redis, gate, open } = await openSite();
    const survivor = await open(gate.url);
    const realm = survivor.realm("main");
    const events = await follow(realm);
    await store(realm);
    expect(await stateOf(realm)).toBe("valid");
    await redis.call("SAVE");
    // It hears nothing of the change, so that it can miss nothing.
    gate.cut();
    const dying = await open(redis.url);
    const lost = await move(dying.realm("main"), "t");
    await dying.close();
    const stop = watch(realm);
    await redis.restart();
    gate.pass();
    await until(() => startsOf(events).at(-1) !== lost.epoch, {
      what: "another epoch begins",
      withinMs: 8_000,
    });
    await until(async () => (await stateOf(realm)) === "invalid", { what: "an answer", withinMs: 8_000 });
    expect((await realm.changeLog.position()).seq).toBeGreaterThan(lost.seq);
    expect(await stop()).not.toContain("valid");
  }),
);

test("what the tail has heard of others counts, where a node's own mark shows nothing", async () => {
  const { redis } = await openSite();
  const keyspace = createKeyspace({ prefix: "lc", database: 0, realm: "main" });
  const send: Send = (args) => redis.call(...args.map(String)) as ReturnType<Send>;
  await loadScripts(send);
  const pulse = createPulse(keyspace, "survivor");
  await pulse.beat(send);
  const { epoch, seq } = pulse.known()!;
  const headNow = async () => String(await redis.call("GET", keyspace.head));
  pulse.saw({ epoch, seq });
  await pulse.beat(send);
  expect(await headNow()).toBe(`${epoch}.${seq}`);
  // It has heard of a record that Redis does not know any more; its own mark is as it was.
  pulse.saw({ epoch, seq: seq + 1 });
  await pulse.beat(send);
  expect(await headNow()).not.toContain(epoch);
  const renewed = pulse.known()!;
  expect(renewed.seq).toBeGreaterThan(seq + 1);
  // What was heard in an epoch that has ended says nothing of this one.
  pulse.saw({ epoch, seq: renewed.seq + 1_000 });
  await pulse.beat(send);
  expect(await headNow()).toBe(`${renewed.epoch}.${renewed.seq}`);
});

test.concurrent(
  "a server that wrote down every command is the same one after a restart: no false alarm",
  sideBySide(async () => {
    const { redis, open } = await openSite(["--appendonly", "yes", "--appendfsync", "always"]);
    const realm = (await open(redis.url)).realm("main");
    const events = await follow(realm);
    await store(realm);
    await redis.restart();
    const { length } = events;
    await until(() => events.slice(length).filter(({ type }) => type === "heard").length > 3, {
      what: "the tail hears again, for longer than a heartbeat",
      withinMs: 10_000,
    });
    expect([await stateOf(realm), startsOf(events)]).toEqual(["valid", [startsOf(events)[0]]]);
  }),
);
