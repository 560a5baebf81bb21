import { startRedis, until } from "@livecache/rig";
import { expect, onTestFinished, test } from "vitest";
import { createKeyspace } from "../../src/redis/keyspace.ts";
import { refuseUnhandledRejections } from "../redis/redis-site.ts";
import { openFleetNode } from "./fleet.ts";
import type { Fault } from "./fleet.ts";
import { gapsIn, loadCache, loadEvents, loadSessions, loadTokens } from "./loads.ts";
import type { Load } from "./loads.ts";

refuseUnhandledRejections();

/** What a keyspace spells that is no key: names of feeds, and what helps to walk over entries. */
const NO_KEYS = ["topic", "logFeed", "feed", "entriesFrom", "nameOf"];

/** Every kind of key, with a glob for all keys of that kind. */
function kindsOfKeys(): readonly (readonly [kind: string, glob: string])[] {
  const keyspace = createKeyspace({ prefix: "lc", database: 0, realm: "main" });
  const spelled = Object.entries(keyspace as unknown as Record<string, string | ((name: string) => string)>);
  return spelled
    .filter(([kind]) => !NO_KEYS.includes(kind))
    .map(([kind, spell]) => [kind, typeof spell === "string" ? spell : spell("*")]);
}

async function openSite(fault?: Fault) {
  const redis = await startRedis();
  onTestFinished(redis.close);
  const nodes = [await openFleetNode(redis.url, fault), await openFleetNode(redis.url, fault)];
  return { redis, nodes };
}

type Site = Awaited<ReturnType<typeof openSite>>;

/** Deletes what a glob finds, and answers how many that were. */
async function deleteAll({ redis }: Site, glob: string): Promise<number> {
  const keys = (await redis.call("KEYS", glob)) as readonly string[];
  if (keys.length > 0) await redis.call("DEL", ...keys);
  return keys.length;
}

async function openLoads(nodes: Site["nodes"]): Promise<readonly Load[]> {
  return [loadCache(nodes), await loadEvents(nodes), loadTokens(nodes), loadSessions(nodes)];
}

/** Waits until each load has made so many steps more. */
async function untilFurther(loads: readonly Load[], steps: number): Promise<void> {
  const goals = loads.map((load) => load.steps() + steps);
  await until(() => loads.every((load, index) => load.steps() >= goals[index]!), {
    what: "the loads go on",
    withinMs: 30_000,
  });
}

/** Kinds that this load makes; the others are looked for all the same. */
const USED = [
  ...["head", "log", "nodes", "primary", "mark", "tag", "channel", "history", "entry", "revocationLedger"],
  ...["revoked", "blacklisted", "session", "sessions", "sessionsOf", "sessionRound"],
];

test("whichever kind of key Redis loses, under load: nothing stale, no silent gap, nobody revoked, no session back", async () => {
  const site = await openSite();
  const loads = await openLoads(site.nodes);
  await untilFurther(loads, 10);
  const lost: string[] = [];
  for (const [kind, glob] of kindsOfKeys()) {
    const isGone = async (): Promise<boolean> => (await deleteAll(site, glob)) > 0;
    // Some are there only for moments, again and again.
    const found = USED.includes(kind)
      ? await until(isGone, { what: `there is a key: ${kind}`, withinMs: 20_000 })
      : await isGone();
    if (!found) continue;
    lost.push(kind);
    await untilFurther(loads, 4);
  }
  const findings = [];
  for (const load of loads) findings.push(...(await load.stop()));
  expect(findings).toEqual([]);
  expect(lost).toEqual(expect.arrayContaining(USED));
});

/** Faults of stores that the test above must find: what a Redis that gave old answers would look like. */
const FAULTS: readonly { readonly fault: string; readonly plant: Fault; readonly found: RegExp }[] = [
  {
    fault: "takes every entry for valid",
    plant: ({ cacheStore }) => ({
      cacheStore: {
        ...cacheStore,
        async read(keys, judge) {
          const replies = await cacheStore.read(keys, judge && (() => "valid"));
          return replies.map((reply) =>
            reply.state === "invalid"
              ? { state: "valid", entry: reply.entry, judgedAt: reply.entry.position }
              : reply,
          );
        },
      },
    }),
    found: /^stale/,
  },
  {
    fault: "says that a session has ended, and keeps it",
    plant: ({ sessionStore }) => ({
      sessionStore: {
        ...sessionStore,
        end: async (ids) => ids.length,
        endAll: async () => ({ count: 1, atMs: 0 }),
      },
    }),
    found: /had been ended/,
  },
  {
    fault: "says that a token is revoked, and tells nobody",
    plant: ({ revocationStore, changeLog }) => ({
      revocationStore: {
        ...revocationStore,
        revoke: async ({ revoked }) => ({
          ...{ state: "revoked", position: await changeLog.position(), added: revoked.length },
        }),
        state: async () => ({ ...(await revocationStore.state()), isSettled: true }),
        isSettled: async () => true,
      },
    }),
    found: /accepted/,
  },
];

test.each([
  { what: "a hole", sent: [1, 2, 4], found: ["4 after 2"] },
  { what: "a repetition", sent: [1, 2, 2], found: ["2 after 2"] },
  { what: "an event from before", sent: [1, 2, 1], found: ["1 after 2"] },
  { what: "a hole that is told", sent: [1, 2, "resync", 4, 5], found: [] },
])("the judge of events sees $what", ({ sent, found }) => {
  expect(gapsIn(sent)).toEqual(found);
});

test.each(FAULTS)("the test finds a store that $fault", async ({ plant, found }) => {
  const { nodes } = await openSite(plant);
  const loads = [loadCache(nodes), loadSessions(nodes), loadTokens(nodes)];
  const endsAtMs = performance.now() + 1_100;
  await untilFurther(loads, 15);
  await until(() => performance.now() > endsAtMs, { what: "news must have come", withinMs: 5_000 });
  const all = [];
  for (const load of loads) all.push(...(await load.stop()));
  expect(all.filter((one) => found.test(one))).not.toEqual([]);
});
