import { LiveError } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import type { GroundAdvice } from "../ports/ground.ts";
import { readAddress } from "./address.ts";
import { readFacts, wayTo } from "./advisor.ts";
import { createKeyspace } from "./keyspace.ts";
import { adviceOf } from "./server-advice.ts";
import { checkServer, readHello } from "./server-check.ts";
import { openWire } from "./wire.ts";
import type { Send } from "./wire.ts";

/** What there is to say of one server. */
export interface Examined {
  readonly version: string;
  readonly advice: readonly GroundAdvice[];
  /** What `INFO` says; empty where this user may not ask. */
  readonly info: ReadonlyMap<string, string>;
  readonly user: string | undefined;
  /** Of seven questions in a row. */
  readonly medianMs: number;
  /** How far this machine's clock is ahead of the server's, give or take half a question. */
  readonly clockAheadMs: number;
  /** Realms that nodes follow now, as `prefix:realm`, with how many nodes. */
  readonly realms: readonly { readonly name: string; readonly nodes: number }[];
  /** Whether all keys were walked over to find them. */
  readonly isWhole: boolean;
}

/** How a server is examined. */
export interface ExamineOptions {
  readonly prefix: string;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const PINGS = 7;

/** Steps of a walk over the keys, of about 1,000 each: more would be felt. */
const MOST_STEPS = 300;

/**
 * Looks at one server over a connection of its own, without leaving anything there. Rejects with `LIVE_OPTIONS_INVALID` for an address that is
 * none, with `LIVE_GROUND_AWAY` or `LIVE_GROUND_TIMEOUT` when it does not answer, with `LIVE_GROUND_REFUSED` when it is not one that we can work
 * with. No message contains the password.
 */
export async function examineServer(url: string, options: ExamineOptions): Promise<Examined> {
  const { prefix, clock, timeoutMs, signal } = options;
  const where = readAddress(url);
  if (where.kind !== "standalone")
    throw new LiveError("LIVE_OPTIONS_INVALID", "expected the address of one server.");
  const { database } = where.server.access;
  const limits = { commandTimeoutMs: timeoutMs, connectTimeoutMs: timeoutMs, maxInFlight: 100 };
  const wire = await openWire({ endpoint: where.server, name: "doctor", clock, signal, ...limits });
  const { send } = wire;
  try {
    const { version, mode } = await readHello(send);
    const isCluster = mode === "cluster";
    const { head } = createKeyspace({ prefix, database, realm: "main" });
    await checkServer(send, {
      mode: isCluster ? "cluster" : "standalone",
      anyKey: isCluster ? undefined : head,
    });
    const facts = await readFacts(send, wayTo(where));
    return {
      version,
      advice: facts ? adviceOf(facts) : [],
      info: facts?.info ?? new Map(),
      user: facts?.user,
      medianMs: await medianOf(send, clock),
      clockAheadMs: await clockAhead(send, clock),
      ...(await findRealms(send)),
    };
  } finally {
    wire.end(new LiveError("LIVE_CLOSED", "examined"));
  }
}

async function medianOf(send: Send, clock: Clock): Promise<number> {
  const times: number[] = [];
  for (let count = 0; count < PINGS; count++) {
    const startedAtMs = clock.now();
    await send(["PING"]);
    times.push(clock.now() - startedAtMs);
  }
  return times.sort((a, b) => a - b)[Math.floor(PINGS / 2)]!;
}

async function clockAhead(send: Send, clock: Clock): Promise<number> {
  const askedAtMs = clock.now();
  const [seconds, microseconds] = (await send(["TIME"])) as readonly [string, string];
  const halfMs = (clock.now() - askedAtMs) / 2;
  return clock.wall() - halfMs - (Number(seconds) * 1_000 + Number(microseconds) / 1_000);
}

/** Finds the registers of nodes, whatever their prefix. Where this user may not look, there are none. */
async function findRealms(send: Send): Promise<Pick<Examined, "realms" | "isWhole">> {
  const names = new Set<string>();
  let cursor = "0";
  try {
    for (let step = 0; step < MOST_STEPS; step++) {
      const asked = ["SCAN", cursor, "MATCH", "{*:*}:nodes", "COUNT", "1000", "TYPE", "zset"];
      const [next, keys] = (await send(asked)) as readonly [string, readonly string[]];
      for (const key of keys) names.add(key);
      cursor = next;
      if (cursor === "0") break;
    }
    const counts = await Promise.all(
      [...names].map(async (key) => [key, Number(await send(["ZCARD", key]))] as const),
    );
    const realms = counts.map(([key, nodes]) => ({ name: /^\{(.*)\}:nodes$/.exec(key)?.[1] ?? key, nodes }));
    return { realms: realms.sort((a, b) => (a.name < b.name ? -1 : 1)), isWhole: cursor === "0" };
  } catch {
    return { realms: [], isWhole: false };
  }
}
