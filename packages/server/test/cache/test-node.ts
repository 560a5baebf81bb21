import { systemClock } from "../../src/base/clock.ts";
import { jsonCodec } from "../../src/base/json-codec.ts";
import { movedBy } from "../../src/base/names.ts";
import { REASONS } from "../../src/base/reasons.ts";
import { createTasks } from "../../src/base/tasks.ts";
import { createTracing } from "../../src/base/tracing.ts";
import { createCache } from "../../src/cache/cache.ts";
import { createCacheRoom } from "../../src/cache/engine.ts";
import type { CacheRoom } from "../../src/cache/engine.ts";
import type { CacheEvent, Narrator, PatternCounters } from "../../src/cache/narration.ts";
import type { Codec, Load, Resolved, ResolveRequest } from "../../src/cache/request.ts";
import type { ChangeMode, Tail, TailEvent } from "../../src/ports/change-log.ts";
import type { Ground } from "../../src/ports/ground.ts";

/** Bounds of a test's node: small enough to be reached. */
export const LIMITS = {
  nearMaxBytes: 1_000_000,
  nearMaxAgeMs: 60_000,
  maxTags: 1_000,
  leaseMs: 1_000,
  loadLeaseMs: 10_000,
  maxLoadHeldMs: 10_000,
  maxEntryBytes: 1_000,
  degradedTtlMs: 1_000,
};

/** A read without what every test's read has in common. */
type Ask = Partial<Pick<ResolveRequest<never>, "freshness" | "fence" | "version">>;

/** One node over a ground, with its clock and its tail in the test's hands. */
export interface TestNode {
  readonly room: CacheRoom;
  readonly cache: ReturnType<typeof createCache>;
  /** Everything the node told, in order. */
  readonly told: CacheEvent[];
  /** While false, what the log tells waits. */
  hearing: boolean;
  /** While false, the ground counts as away. */
  usable: boolean;
  aheadMs: number;
  change(...tags: string[]): Promise<void>;
  soften(...tags: string[]): Promise<void>;
  load<T>(key: string, load: Load<T>, ask?: Ask): Promise<Resolved<T>>;
  catchUp(): void;
}

/** Nodes over one ground, for one test. */
export interface TestCluster {
  readonly ground: Ground;
  node(name: string, over?: Ground): TestNode;
  /** Ends every node: what it still waits for is refused. */
  end(): void;
  close(): Promise<void>;
}

/** Makes a cluster without nodes over `ground`, which the caller closes. */
export function createCluster(ground: Ground): TestCluster {
  const closing = new AbortController();
  const tails: Tail[] = [];
  return {
    ground,
    node: (name, over = ground) => createNode(name, over, { signal: closing.signal, tails }),
    end: () => closing.abort(),
    async close() {
      closing.abort();
      await Promise.all(tails.map((tail) => tail.close()));
    },
  };
}

function createNode(
  name: string,
  over: Ground,
  { signal, tails }: { readonly signal: AbortSignal; readonly tails: Tail[] },
): TestNode {
  const { cacheStore, changeLog } = over.realm("main");
  const clock = { ...systemClock, now: () => systemClock.now() + node.aheadMs };
  const told: CacheEvent[] = [];
  const room = createCacheRoom({
    store: cacheStore,
    changeLog,
    clock,
    tasks: createTasks((error) => {
      throw error;
    }),
    narrator: narratorTo(told),
    moves: { note: () => undefined, causeOf: () => undefined },
    tracing: createTracing(),
    limits: LIMITS,
    signal,
    usable: () => node.usable,
    fence: () => undefined,
  });
  const held: TailEvent[] = [];
  function take(event: TailEvent): void {
    if (event.type === "start") room.reset(event.position);
    if (event.type === "heard") room.heard(event.askedAtMs + node.aheadMs);
    if (event.type === "records") {
      for (const record of event.records) if (room.apply(record) === "hole") room.reset(record.position);
    }
  }
  let changes = 0;
  const move = async (tags: readonly string[], mode: ChangeMode = "purge") => {
    const changeId = `${name}-${++changes}`;
    const position = await changeLog.append({ changeId, origin: name, tags, mode, events: [] });
    room.require(position);
    return { pending: false, position };
  };
  const node: TestNode = {
    room,
    told,
    cache: createCache({ engine: room, store: cacheStore, move, fence: () => undefined }),
    hearing: true,
    usable: true,
    aheadMs: 0,
    async change(...tags) {
      await move(tags.flatMap(movedBy));
    },
    async soften(...tags) {
      await move(tags.flatMap(movedBy), "stale");
    },
    load: (key, load, ask) =>
      room.resolve({ key, codec: jsonCodec as Codec<never>, load: load as unknown as Load<never>, ...ask }),
    catchUp() {
      for (const event of held.splice(0)) take(event);
    },
  };
  tails.push(
    changeLog.tail({
      node: name,
      onEvent(event) {
        if (node.hearing || event.type === "start") take(event);
        else held.push(event);
      },
    }),
  );
  return node;
}

function narratorTo(told: CacheEvent[]): Narrator {
  const answers = Object.fromEntries(REASONS.map((reason) => [reason, 0])) as PatternCounters["answers"];
  const counters = {
    pattern: "*",
    answers,
    loads: 0,
    loadErrors: 0,
    loadMsTotal: 0,
    loadMsMost: 0,
    latency: {},
  };
  return {
    countersOf: () => counters,
    hit: ({ reason }) => void counters.answers[reason]++,
    tell: (event) => void told.push(event),
    remembers: () => undefined,
  };
}

/** A loader that counts, and ends when told to. */
export function slowLoad<T>(value: T, tags: readonly string[] = [], ttlMs = 60_000) {
  let end: () => void = () => undefined;
  let begun: () => void = () => undefined;
  const started = new Promise<void>((resolve) => (begun = resolve));
  const gate = new Promise<void>((resolve) => (end = resolve));
  const counter = { loads: 0 };
  const load: Load<T> = async () => {
    counter.loads++;
    begun();
    await gate;
    return { store: true, value, ttlMs, tags };
  };
  return { load, counter, started, end };
}

/** A load that brings a value at once. */
export const quick =
  <T>(value: T, tags: readonly string[] = [], ttlMs = 60_000): Load<T> =>
  () =>
    Promise.resolve({ store: true, value, ttlMs, tags });
