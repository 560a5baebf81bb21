import { AsyncLocalStorage } from "node:async_hooks";
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, context, trace } from "@opentelemetry/api";
import type { Context, ContextManager } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { PGlite } from "@electric-sql/pglite";
import { startRedis, until } from "@livecache/rig";
import { createLive } from "livecache";
import type { Live } from "livecache";
import { bridgeOpenTelemetry } from "livecache/opentelemetry";
import { openOutbox } from "livecache/postgres";
import { openRedis } from "livecache/redis";
import { beforeAll, expect, onTestFinished, test } from "vitest";

const SECRET = "0123456789abcdef0123456789abcdef";
const BOUND = { withinMs: 5_000 };

/** As the SDK for Node has it. */
function carryContext(): ContextManager {
  const storage = new AsyncLocalStorage<Context>();
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (...given) => storage.run(given[0], () => given[1].apply(given[2], given.slice(3) as never)),
    bind: (_, target) => target,
    enable: () => manager,
    disable: () => manager,
  };
  return manager;
}

beforeAll(() => {
  context.setGlobalContextManager(carryContext());
  return () => context.disable();
});

function openSpans() {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  return {
    tracer: provider.getTracer("test"),
    named: (name: string) => exporter.getFinishedSpans().filter((span) => span.name === name),
  };
}

test("one trace leads from the request over the change to every node that applied it", async () => {
  const redis = await startRedis();
  onTestFinished(redis.close);
  const spans = openSpans();
  const nodes: Live[] = [];
  for (const _ of [1, 2]) {
    const live = createLive({ ground: await openRedis(redis.url), secret: SECRET });
    onTestFinished(() => live.close());
    await until(() => live.door.applied() !== undefined, { what: "the node follows the log", ...BOUND });
    bridgeOpenTelemetry(live, { tracer: spans.tracer, meter: false });
    nodes.push(live);
  }
  const request = spans.tracer.startSpan("POST /orders", { kind: SpanKind.SERVER });
  await context.with(trace.setSpan(ROOT_CONTEXT, request), () => nodes[0]!.change({ tags: ["orders"] }));
  request.end();
  const applied = await until(
    () => (spans.named("livecache.apply").length === 2 ? spans.named("livecache.apply") : undefined),
    { what: "both nodes applied it", ...BOUND },
  );
  const [change] = spans.named("livecache.change");
  expect(change).toMatchObject({
    kind: SpanKind.PRODUCER,
    attributes: { "livecache.change.scope": "cluster" },
  });
  expect(change!.parentSpanContext?.spanId).toBe(request.spanContext().spanId);
  expect(applied.map((span) => span.attributes["livecache.node"]).toSorted()).toEqual(
    nodes.map(({ node }) => node).toSorted(),
  );
  for (const span of applied) {
    expect(span.spanContext().traceId).toBe(request.spanContext().traceId);
    expect(span.parentSpanContext).toMatchObject({ spanId: change!.spanContext().spanId, isRemote: true });
  }
  await nodes[1]!.change({ tags: ["orders"] });
  await until(() => spans.named("livecache.apply").length === 4, {
    what: "a change without a request is traced too",
    ...BOUND,
  });
});

test("a change that waits for Redis keeps its trace", async () => {
  const redis = await startRedis();
  onTestFinished(redis.close);
  const spans = openSpans();
  const live = createLive({
    ground: await openRedis(redis.url),
    secret: SECRET,
    logger: { warn: () => undefined },
  });
  onTestFinished(() => live.close());
  bridgeOpenTelemetry(live, { tracer: spans.tracer, meter: false });
  await until(() => live.door.applied() !== undefined, { what: "the node follows the log", ...BOUND });
  redis.freeze();
  await until(() => live.status().state === "away", { what: "the outage is noticed", ...BOUND });
  await live.change({ tags: ["orders"] });
  redis.thaw();
  const [change] = spans.named("livecache.change");
  expect(change!.attributes["livecache.change.scope"]).toBe("local");
  const [applied] = await until(
    () => (spans.named("livecache.apply").length > 0 ? spans.named("livecache.apply") : undefined),
    {
      what: "it is told to Redis",
      ...BOUND,
    },
  );
  expect(applied!.parentSpanContext?.spanId).toBe(change!.spanContext().spanId);
});

test("a change in a transaction has the trace of whoever wrote it; a row that somebody else wrote has none", async () => {
  const database = await PGlite.create();
  onTestFinished(() => database.close());
  const spans = openSpans();
  const live = createLive();
  onTestFinished(() => live.close());
  bridgeOpenTelemetry(live, { tracer: spans.tracer, meter: false });
  const outbox = await openOutbox(live, { database, migrate: true });
  onTestFinished(outbox.close);
  const request = spans.tracer.startSpan("POST /orders");
  await context.with(trace.setSpan(ROOT_CONTEXT, request), () =>
    database.transaction((tx) => live.changeIn(tx, { tags: ["orders"] })),
  );
  const applied = await until(() => spans.named("livecache.apply")[0], { what: "it is relayed", ...BOUND });
  expect(applied.spanContext().traceId).toBe(request.spanContext().traceId);
  expect(spans.named("livecache.change")[0]!.attributes["livecache.change.scope"]).toBe("written");
  const foreign = { tags: ["foreign"], mode: "purge", events: [], trace: "a\nb" };
  await live.cache.getOrSet("foreign", async () => 1, { ttl: "1m" });
  await database.query("INSERT INTO livecache_outbox (change_id, change) VALUES ('x1', $1)", [
    JSON.stringify(foreign),
  ]);
  await until(async () => (await live.cache.get("foreign")) === undefined, {
    what: "it is relayed too",
    ...BOUND,
  });
  expect(spans.named("livecache.apply")).toHaveLength(1);
});

test("a load has a span below the reader's, what it asks stands below it, and a failure is told without secrets", async () => {
  const spans = openSpans();
  const live = createLive();
  onTestFinished(() => live.close());
  const bridge = bridgeOpenTelemetry(live, { tracer: spans.tracer, meter: false });
  await until(() => live.door.applied() !== undefined, { what: "the node has begun", ...BOUND });
  const query = async () => void spans.tracer.startSpan("SELECT").end();
  for (const _ of [1, 2]) await live.cache.getOrSet("user:42:orders", query, { ttl: "1m" });
  const loads = spans.named("livecache.load user:*:orders");
  expect(loads).toHaveLength(1);
  expect(loads[0]!.attributes).toMatchObject({
    "livecache.key.pattern": "user:*:orders",
    "livecache.load.background": false,
  });
  expect(spans.named("SELECT")[0]!.parentSpanContext?.spanId).toBe(loads[0]!.spanContext().spanId);
  const failing = () => Promise.reject(new Error("connect postgres://app:secret@db"));
  await expect(live.cache.getOrSet("user:7:orders", failing, { ttl: "1m" })).rejects.toThrow("secret");
  const failed = spans.named("livecache.load user:*:orders")[1]!;
  expect(failed.status).toEqual({ code: SpanStatusCode.ERROR, message: "connect postgres://***@db" });
  expect(JSON.stringify(failed.events)).not.toContain("secret");
  expect(() => bridgeOpenTelemetry(live, { tracer: spans.tracer })).toThrow("bridged already");
  bridge.close();
  bridge.close();
  await live.cache.getOrSet("user:8:orders", query, { ttl: "1m" });
  await live.change({ tags: ["orders"] });
  expect(spans.named("livecache.load user:*:orders")).toHaveLength(2);
  expect(spans.named("livecache.change")).toHaveLength(0);
  bridgeOpenTelemetry(live, { tracer: spans.tracer, meter: false }).close();
});

test("metrics tell what the node has counted, and end with the bridge", async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ readers: [reader] });
  onTestFinished(() => provider.shutdown());
  const live = createLive();
  onTestFinished(() => live.close());
  const bridge = bridgeOpenTelemetry(live, { tracer: false, meter: provider.getMeter("test") });
  await until(() => live.door.applied() !== undefined, { what: "the node has begun", ...BOUND });
  await live.cache.getOrSet("user:42:orders", async () => 1, { ttl: "1m" });
  await live.change({ tags: ["user:42"] });

  async function collected() {
    exporter.reset();
    await reader.forceFlush();
    const metrics = exporter
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
    return new Map(metrics.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints]));
  }
  const found = await collected();
  const node = { "livecache.node": live.node };
  expect(found.get("livecache.cache.answers")).toContainEqual(
    expect.objectContaining({
      value: 1,
      attributes: { ...node, "livecache.key.pattern": "user:*:orders", "livecache.reason": "absent" },
    }),
  );
  expect(found.get("livecache.ground.up")![0]).toMatchObject({ value: 1, attributes: node });
  expect(found.get("livecache.change.duration")![0]).toMatchObject({
    value: { count: 1 },
    attributes: { ...node, "livecache.change.scope": "cluster" },
  });
  expect(found.get("livecache.cache.load.duration")![0]).toMatchObject({ value: { count: 1 } });
  expect([...found.keys()].filter((name) => !/^livecache\.[a-z.]+$/.test(name))).toEqual([]);
  bridge.close();
  await live.change({ tags: ["user:42"] });
  await live.cache.getOrSet("user:43:orders", async () => 1, { ttl: "1m" });
  const after = await collected();
  expect(after.get("livecache.change.duration")![0]).toMatchObject({ value: { count: 1 } });
  const answers = after.get("livecache.cache.answers")!;
  expect(answers.map(({ value }) => value).filter((value) => value !== 0)).toEqual([1]);
});

test("without providers the bridge does nothing, and options are checked", async () => {
  const live = createLive();
  onTestFinished(() => live.close());
  const bridge = bridgeOpenTelemetry(live);
  await until(() => live.door.applied() !== undefined, { what: "the node has begun", ...BOUND });
  expect(await live.cache.getOrSet("a", async () => 1, { ttl: "1m" })).toBe(1);
  expect(await live.change({ tags: ["a"] })).toMatchObject({ scope: "cluster" });
  bridge.close();
  expect(() => bridgeOpenTelemetry(live, { tracer: {} as never })).toThrow(/tracer: expected a tracer/);
  expect(() => bridgeOpenTelemetry(live, { meter: true as never })).toThrow(/meter: expected a meter/);
  expect(() => bridgeOpenTelemetry(live, { traces: 1 } as never)).toThrow('unknown option "traces"');
});
