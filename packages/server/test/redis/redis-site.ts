import { monitorEventLoopDelay } from "node:perf_hooks";
import { openGate, startRedis, until } from "@livecache/rig";
import type { Gate, RedisProcess } from "@livecache/rig";
import { afterEach, beforeEach, expect } from "vitest";
import type { LiveError } from "@livecache/wire";
import { randomWord } from "../../src/base/ids.ts";
import type { ChangeInput, TailEvent } from "../../src/ports/change-log.ts";
import type { Ground, Realm } from "../../src/ports/ground.ts";
import { createKeyspace } from "../../src/redis/keyspace.ts";
import type { Keyspace } from "../../src/redis/keyspace.ts";
import { openRedis } from "../../src/redis/open.ts";
import type { OpenRedisOptions } from "../../src/redis/open.ts";
import { openInspector } from "../conformance/inspector.ts";
import { onTestFinished } from "../side-by-side.ts";
import type { Inspector } from "../conformance/inspector.ts";

/** A Redis of one test, a gate in front of it, and a ground that connects through the gate. */
export interface RedisSite {
  readonly redis: RedisProcess;
  readonly gate: Gate;
  readonly url: string;
  readonly ground: Ground;
  readonly realm: Realm;
  readonly keyspace: Keyspace;
  /** Opens another ground on the same data, past the gate. */
  openOther(): Promise<Ground>;
}

const PREFIX = "lc";

/** Starts all that; it ends with the test. */
export async function openSite(
  options: OpenRedisOptions = {},
  config: readonly string[] = [],
): Promise<RedisSite> {
  const redis = await startRedis({ config });
  onTestFinished(redis.close);
  const gate = await openGate(redis.port);
  onTestFinished(gate.close);
  const url = `redis://127.0.0.1:${gate.port}`;
  const ground = await openRedis(url, options);
  onTestFinished(ground.close);
  return {
    ...{ redis, gate, url, ground },
    realm: ground.realm("main"),
    keyspace: createKeyspace({ prefix: PREFIX, database: 0, realm: "main" }),
    async openOther() {
      const other = await openRedis(redis.url);
      onTestFinished(other.close);
      return other;
    },
  };
}

/** A connection to look at the data with; it ends with the test. */
export async function inspect({ redis }: RedisSite): Promise<Inspector> {
  const inspector = await openInspector(redis.url);
  onTestFinished(inspector.close);
  return inspector;
}

/** A change with a fresh id. */
export function changeOf(part: Partial<ChangeInput> = {}): ChangeInput {
  return { changeId: randomWord(16), origin: "test", tags: [], mode: "purge", events: [], ...part };
}

/** Moves tags. */
export function move({ changeLog }: Realm, ...tags: string[]) {
  return changeLog.append(changeOf({ tags }));
}

/** Stores `value` under `k`, which depends on `k` and `t`. */
export async function store({ cacheStore, changeLog }: Realm, key = "k") {
  const position = await changeLog.position();
  const value = Buffer.from("value");
  return cacheStore.commit({ key, position, tags: [key, "t"], value, ttlMs: 60_000, keepMs: 60_000 });
}

/** The state of what is stored under `k`. */
export async function stateOf({ cacheStore }: Realm, key = "k"): Promise<string> {
  const [reply] = await cacheStore.read([key]);
  return reply!.state;
}

/** Follows the log and keeps what it is told; resolves when the tail has heard everything. */
export async function follow(realm: Realm, node = "reader"): Promise<TailEvent[]> {
  const events: TailEvent[] = [];
  realm.changeLog.tail({ node, onEvent: (event) => void events.push(event) });
  await until(() => events.some(({ type }) => type === "heard"), { what: "the tail hears", withinMs: 3_000 });
  return events;
}

/** Epochs in which a tail was told to start. */
export function startsOf(events: readonly TailEvent[]): string[] {
  return events.flatMap((event) => (event.type === "start" ? event.position.epoch : []));
}

/** Every call of both ports. */
function everyCall({ cacheStore, changeLog }: Realm): Record<string, () => Promise<unknown>> {
  const position = { epoch: "some", seq: 1 };
  const value = Buffer.from("value");
  return {
    read: () => cacheStore.read(["k"]),
    begin: () => cacheStore.begin({ key: "k", leaseMs: 1_000 }),
    commit: () =>
      cacheStore.commit({ key: "k", lease: "l", position, tags: ["k"], value, ttlMs: 1_000, keepMs: 1_000 }),
    extend: () => cacheStore.extend("k", "l", 1_000),
    abandon: () => cacheStore.abandon("k", "l"),
    append: () => changeLog.append(changeOf({ tags: ["t"] })),
    position: () => changeLog.position(),
    acknowledge: () => changeLog.acknowledge("reader", position),
    lagging: () => changeLog.lagging(position),
    judge: () => changeLog.judge([]),
    subscribe: () => changeLog.subscribe("room", () => undefined),
    cursor: () => changeLog.cursor("room"),
    renewEpoch: () => changeLog.renewEpoch("some"),
  };
}

/** How long work takes, without the longest time in which this process could not do anything: other tests run beside. */
export async function took<T>(
  work: () => Promise<T>,
): Promise<{ readonly answer: T; readonly tookMs: number }> {
  const held = monitorEventLoopDelay({ resolution: 5 });
  held.enable();
  const beganAt = performance.now();
  const answer = await work();
  const tookMs = performance.now() - beganAt - held.max / 1e6;
  held.disable();
  return { answer, tookMs };
}

/** How one call ended, and how long that took. */
export interface CallEnd {
  readonly name: string;
  readonly end: string;
  readonly tookMs: number;
}

/** Makes every call at once. `end` is the error's code, or "answered". */
export async function callAll(realm: Realm): Promise<readonly CallEnd[]> {
  return Promise.all(
    Object.entries(everyCall(realm)).map(async ([name, call]) => {
      const { answer, tookMs } = await took(() =>
        call().then(
          () => "answered",
          (error: LiveError) => error.code ?? String(error),
        ),
      );
      return { name, end: answer, tookMs };
    }),
  );
}

/** Fails the test of the file in which a rejection was left unhandled. */
export function refuseUnhandledRejections(): void {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  beforeEach(() => void process.on("unhandledRejection", note));
  afterEach(() => {
    process.removeListener("unhandledRejection", note);
    expect(unhandled.splice(0)).toEqual([]);
  });
}

/** Waits until the ground says that it is here, or away. */
export async function untilStatus(ground: Ground, state: "here" | "away", withinMs: number): Promise<void> {
  await until(() => ground.status().state === state, { what: `the ground is ${state}`, withinMs });
}
