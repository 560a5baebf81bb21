import { openGate, startRedis, until } from "@livecache/rig";
import type { Gate, RedisProcess } from "@livecache/rig";
import type { LiveError } from "@livecache/wire";
import { z } from "zod";
import { createLive, defineContract, defineLimit } from "../../src/index.ts";
import type { Live } from "../../src/index.ts";
import { openRedis } from "../../src/redis/open.ts";
import { openInspector } from "../conformance/inspector.ts";
import type { Inspector } from "../conformance/inspector.ts";
import { took } from "../redis/redis-site.ts";

const contract = defineContract({
  channels: { "room/:id": { events: { said: z.object({ text: z.string() }) }, presence: true } },
  notifications: { assigned: z.object({ issue: z.number() }) },
});

const limit = defineLimit({ name: "usual", limit: 1_000, window: "1h" });

/** Everything that can be asked of a node. */
export type FaultLive = Live<typeof contract, { userId: string }>;

/** A Redis, a node behind a gate in front of it, and another one that goes past the gate. */
export interface FaultSite {
  readonly redis: RedisProcess;
  readonly gate: Gate;
  /** A connection from before the fault, for what only such a one may say. */
  readonly admin: Inspector["client"];
  readonly live: FaultLive;
  readonly other: FaultLive;
  /** What the nodes load: who reads it reads what was last set. */
  readonly source: { value: number };
  readonly warnings: readonly string[];
}

/** Something that ends with the test: tests run side by side, so each says which is its own. */
export type Finally = (end: () => void | Promise<void>) => void;

export const KNOWN_SESSION = "k".repeat(32);
export const REVOKED = "revoked before";

/** Starts all that, with a value in the cache, a session, and a revoked token. */
export async function openFaultSite(config: readonly string[], onFinished: Finally): Promise<FaultSite> {
  const redis = await startRedis({ config });
  onFinished(redis.close);
  const gate = await openGate(redis.port);
  onFinished(gate.close);
  const admin = await openInspector(redis.url);
  onFinished(admin.close);
  const warnings: string[] = [];
  async function node(url: string): Promise<FaultLive> {
    const live = createLive({
      ground: await until(() => openRedis(url), { what: "a connection", withinMs: 15_000 }),
      secret: "s".repeat(32),
      contract,
      identify: () => ({ userId: "ana" }),
      authorize: { "room/:id": () => true },
      logger: { warn: (message) => void warnings.push(message) },
    });
    onFinished(live.close);
    return live;
  }
  const site: FaultSite = {
    ...{ redis, gate, admin: admin.client, warnings, source: { value: 1 } },
    live: await node(gate.url),
    other: await node(redis.url),
  };
  await prepare(site);
  return site;
}

/** Each step until it is through: other tests run beside, and a call has only a quarter of a second. */
async function prepare(site: FaultSite): Promise<void> {
  const { live, other } = site;
  const through = (what: string, step: () => Promise<unknown>) => until(step, { what, withinMs: 10_000 });
  const input = { data: { cart: 1 }, idleMs: 600_000, userId: "ana" };
  await through("the session", () => live.sessions.create(KNOWN_SESSION, input));
  await through("the token", () => live.tokens.revoke(REVOKED, new Date(Date.now() + 600_000)));
  for (const one of [live, other]) {
    await through("the value", async () => {
      const { reason } = await one.cache.resolve("answer", () => 1, { ttl: "5m", tags: ["answers"] });
      return reason === "hit-near";
    });
    await through("the revocation", async () => one.tokens.check({ token: REVOKED }) === "revoked");
  }
  await through("a copy of the session", () => live.sessions.read(KNOWN_SESSION));
}

/** Reads the cached value. */
export function read(live: FaultLive, { source }: FaultSite): Promise<number> {
  return live.cache.getOrSet("answer", () => source.value, { ttl: "5m", tags: ["answers"] });
}

/** How a call ended: what it came to or its code, and how long it took. */
export interface Ended {
  readonly name: string;
  readonly end: unknown;
  readonly tookMs: number;
}

/** Every kind of call, each with what it comes to while Redis is away. `rejects` stands for a rejection that may be tried again. */
const CALLS: readonly {
  readonly name: string;
  readonly isSecurity?: boolean;
  readonly call: (live: FaultLive, site: FaultSite) => unknown;
}[] = [
  { name: "cache.getOrSet", call: read },
  { name: "cache.set", call: ({ cache }) => cache.set("set", 1, { ttl: "1m" }) },
  { name: "cache.delete", call: async ({ cache }) => void (await cache.delete("other")) },
  { name: "change", call: async (live) => (await live.change({ tags: ["answers"] })).scope },
  {
    name: "sessions.read, known",
    isSecurity: true,
    call: async ({ sessions }) => (await sessions.read(KNOWN_SESSION))?.data["cart"],
  },
  { name: "sessions.read, unknown", isSecurity: true, call: ({ sessions }) => sessions.read("u".repeat(32)) },
  {
    name: "sessions.create",
    isSecurity: true,
    call: ({ sessions }) => sessions.create("n".repeat(32), { data: {}, idleMs: 60_000 }),
  },
  {
    name: "sessions.save",
    isSecurity: true,
    call: ({ sessions }) => sessions.save(KNOWN_SESSION, { base: 1, set: { cart: 2 } }),
  },
  { name: "sessions.end", isSecurity: true, call: ({ sessions }) => sessions.end("e".repeat(32)) },
  {
    name: "tokens.revoke",
    isSecurity: true,
    call: ({ tokens }) => tokens.revoke("revoked meanwhile", new Date(Date.now() + 600_000)),
  },
  { name: "tokens.check", call: ({ tokens }) => tokens.check({ token: REVOKED }) },
  {
    name: "limits.take",
    call: async ({ limits }) => {
      const { allowed, scope } = await limits.take({ policy: limit, subject: "ana" });
      return allowed ? scope : "refused";
    },
  },
  { name: "presence.of", call: ({ presence }) => presence.of("room/:id", { id: "1" }) },
  { name: "sockets.of", call: ({ sockets }) => sockets.of("ana") },
  { name: "notify", call: async (live) => (await live.notify("ana", "assigned", { issue: 1 })).scope },
  { name: "notifications.list", call: ({ notifications }) => notifications.list("ana") },
];

/** What each call comes to while Redis is away. */
export const AWAY_ENDS: Readonly<Record<string, unknown>> = {
  "cache.getOrSet": "a value",
  "cache.set": "rejects",
  "cache.delete": "nothing",
  change: "local",
  "sessions.read, known": 1,
  "sessions.read, unknown": "rejects",
  "sessions.create": "rejects",
  "sessions.save": "rejects",
  "sessions.end": "rejects",
  "tokens.revoke": "LIVE_REVOCATION_PENDING",
  "tokens.check": "revoked",
  "limits.take": "local",
  "presence.of": "rejects",
  "sockets.of": "rejects",
  notify: "local",
  "notifications.list": "rejects",
};

/** Makes every call at once. */
export function callAll(live: FaultLive, site: FaultSite): Promise<readonly Ended[]> {
  return Promise.all(
    CALLS.map(async ({ name, call }) => {
      const { answer, tookMs } = await took(async () => {
        try {
          const value = await call(live, site);
          return name === "cache.getOrSet" && typeof value === "number" ? "a value" : value;
        } catch (error) {
          const { code, retryable } = error as LiveError;
          const isPassing = code === "LIVE_GROUND_AWAY" || code === "LIVE_GROUND_TIMEOUT";
          return isPassing && retryable ? "rejects" : (code ?? String(error));
        }
      });
      return { name, end: answer, tookMs };
    }),
  );
}

/** How much too late a quarter of a second ends just now, on a machine that does other things beside. */
export async function lateness(): Promise<number> {
  const beganAtMs = performance.now();
  await new Promise((resolve) => setTimeout(resolve, 250));
  return performance.now() - beganAtMs - 250;
}

/** Calls that have a second, where others have 250 ms. */
export function isSecurity(name: string): boolean {
  return CALLS.some((one) => one.name === name && one.isSecurity === true);
}
