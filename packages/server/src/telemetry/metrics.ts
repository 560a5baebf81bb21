import type { IncomingMessage, ServerResponse } from "node:http";
import type { NodeReport } from "@livecache/wire";
import type { MeasuredLive } from "./measured-live.ts";
import { createExposition } from "./exposition.ts";
import type { Exposition, Labels } from "./exposition.ts";
import { createHistogram } from "./histogram.ts";
import type { Histogram } from "./histogram.ts";

/** Metrics of one node. */
export interface Metrics {
  /** All metrics in the text format of Prometheus. Never asks the ground, so it answers during an outage as well. */
  text(): string;
  /** Answers a scrape: `app.get("/metrics", metrics.handler)`. */
  readonly handler: (req: IncomingMessage, res: ServerResponse) => void;
  /** Counts no more. Idempotent. */
  close(): void;
}

interface Counted {
  readonly changes: Record<"cluster" | "local", number>;
  readonly told: { queries: number; watchers: number };
  readonly events: { told: number; members: number };
  readonly changeSeconds: Histogram;
  readonly loadSeconds: Histogram;
}

/**
 * Makes the metrics of a node: what it counts anyway, and how long changes and loads take from now on. Labels come from closed or bounded
 * sets (patterns of keys, reasons), never from keys, tags or users. Durations are in seconds, sizes in bytes.
 */
export function createMetrics(live: MeasuredLive): Metrics {
  const { signals } = live.door;
  const counted: Counted = {
    changes: { cluster: 0, local: 0 },
    told: { queries: 0, watchers: 0 },
    events: { told: 0, members: 0 },
    changeSeconds: createHistogram(),
    loadSeconds: createHistogram(),
  };
  const stops = [
    signals.listen("change", ({ scope, ms }) => {
      counted.changes[scope]++;
      counted.changeSeconds.observe(ms / 1_000);
    }),
    signals.listen("told", ({ queries, watchers }) => {
      counted.told.queries += queries;
      counted.told.watchers += watchers;
    }),
    signals.listen("event", ({ members }) => {
      counted.events.told++;
      counted.events.members += members;
    }),
    signals.listen("cache", (event) => {
      if (event.type === "loaded") counted.loadSeconds.observe(event.ms / 1_000);
    }),
  ];
  const text = (): string => {
    const page = createExposition();
    const report = live.door.report();
    writeNode(page, report);
    writeCache(page, report.cache, counted);
    writeLive(page, report.live, counted);
    writeSecurity(page, live);
    return page.text();
  };
  return {
    text,
    handler(_req, res) {
      res.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
      res.end(text());
    },
    close: () => stops.forEach((stop) => stop()),
  };
}

function writeNode(page: Exposition, { node, ground, hasPending, memory }: NodeReport): void {
  page.info("livecache_node_info", "This node; always 1.", { node, ground: ground.kind });
  page.gauge("livecache_ground_up", "Whether the ground answers.", ground.state === "here" ? 1 : 0);
  const warnings = ground.advice.filter(({ isWarning }) => isWarning).length;
  page.gauge("livecache_ground_warnings", "What should be otherwise about the ground.", warnings);
  page.gauge(
    "livecache_changes_pending",
    "Whether changes made here wait for the ground.",
    hasPending ? 1 : 0,
  );
  page.gauge("livecache_heap_used_bytes", "JavaScript heap in use.", memory.heapUsedBytes);
}

function writeCache(page: Exposition, cache: NodeReport["cache"], counted: Counted): void {
  const answers = cache.patterns.flatMap(({ pattern, answers: byReason }) =>
    Object.entries(byReason).map(([reason, count]): [Labels, number] => [{ pattern, reason }, count]),
  );
  const each = (of: "loads" | "loadErrors"): [Labels, number][] =>
    cache.patterns.map((pattern) => [{ pattern: pattern.pattern }, pattern[of]]);
  page.counter("livecache_cache_answers_total", "Answers, by pattern of keys and reason.", answers);
  page.counter("livecache_cache_loads_total", "Loads, by pattern of keys.", each("loads"));
  page.counter("livecache_cache_load_errors_total", "Loads that failed.", each("loadErrors"));
  page.histogram("livecache_cache_load_seconds", "How long loads took.", counted.loadSeconds);
  page.gauge("livecache_near_entries", "Entries in this node's memory.", cache.near.entries);
  page.gauge("livecache_near_bytes", "Bytes of this node's memory.", cache.near.bytes);
  page.gauge("livecache_near_max_bytes", "Most bytes of this node's memory.", cache.near.maxBytes);
}

function writeLive(page: Exposition, live: NodeReport["live"], counted: Counted): void {
  const { changes, told, events } = counted;
  page.counter("livecache_changes_total", "Changes made here.", [
    [{ scope: "cluster" }, changes.cluster],
    [{ scope: "local" }, changes.local],
  ]);
  page.histogram(
    "livecache_change_seconds",
    "How long changes took to stand in the log.",
    counted.changeSeconds,
  );
  page.gauge("livecache_sockets", "Connected sockets.", live.connections);
  page.gauge("livecache_watches", "Watched responses, of all sockets.", live.watches);
  page.gauge("livecache_channels", "Channels that somebody is in.", live.channels);
  page.gauge("livecache_events_held", "Events that wait for their change.", live.heldEvents);
  page.counter("livecache_queries_told_total", "Watched responses that went stale.", [[{}, told.queries]]);
  page.counter("livecache_watchers_told_total", "Watchers who were told so.", [[{}, told.watchers]]);
  page.counter("livecache_events_told_total", "Events handed to channels.", [[{}, events.told]]);
  page.counter("livecache_event_deliveries_total", "Members they were handed to.", [[{}, events.members]]);
  page.counter("livecache_events_dropped_total", "Events given up for want of room.", [
    [{}, live.eventsDropped],
  ]);
  page.counter("livecache_refused_total", "Refused for a bound.", [
    [{ what: "watch" }, live.watchesRefused],
    [{ what: "join" }, live.joinsRefused],
  ]);
}

function writeSecurity(page: Exposition, { tokens, sessions, limits }: MeasuredLive): void {
  const known = tokens.status();
  page.gauge("livecache_tokens_revoked", "Revoked tokens that this node knows.", known.size);
  page.gauge("livecache_tokens_age_seconds", "How old that knowledge is.", known.freshMs / 1_000);
  page.gauge("livecache_revocations_pending", "Revocations that wait for the ground.", known.pending);
  page.gauge(
    "livecache_session_ends_pending",
    "Ended sessions that wait for the ground.",
    sessions.status().pendingEnds,
  );
  const { allowed, refused, local } = limits.figures();
  page.counter("livecache_limits_total", "Decisions of rate limits.", [
    [{ result: "allowed" }, allowed],
    [{ result: "refused" }, refused],
  ]);
  page.counter("livecache_limits_local_total", "Decided by this node alone.", [[{}, local]]);
}
