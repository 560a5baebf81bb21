import { ValueType } from "@opentelemetry/api";
import type { Attributes, BatchObservableResult, Meter, Observable } from "@opentelemetry/api";
import type { NodeReport } from "@livecache/wire";
import type { MeasuredLive } from "./measured-live.ts";

/** What a figure is read from. */
interface Known {
  readonly live: MeasuredLive;
  readonly report: NodeReport;
}

type Sample = readonly [value: number, attributes?: Attributes];

/** A figure that is read when metrics are collected. `total`: it only grows; `level`: it adds up over nodes; `state`: it does not. */
interface Figure {
  readonly kind: "total" | "level" | "state";
  readonly unit: string;
  readonly what: string;
  read(known: Known): readonly Sample[];
}

/** Every figure by its name. Attributes come from closed or bounded sets, never from keys, tags or users. */
const FIGURES: Readonly<Record<string, Figure>> = {
  "livecache.ground.up": state("1", "Whether the ground answers", ({ report }) =>
    report.ground.state === "here" ? 1 : 0,
  ),
  "livecache.changes.pending": state("1", "Whether changes made here wait for the ground", ({ report }) =>
    report.hasPending ? 1 : 0,
  ),
  "livecache.cache.answers": {
    ...{ kind: "total", unit: "{answer}", what: "Answers, by pattern of keys and reason" },
    read: ({ report }) =>
      report.cache.patterns.flatMap(({ pattern, answers }) =>
        Object.entries(answers).map(([reason, count]): Sample => [
          count,
          { "livecache.key.pattern": pattern, "livecache.reason": reason },
        ]),
      ),
  },
  "livecache.cache.load.errors": {
    ...{ kind: "total", unit: "{load}", what: "Loads that failed" },
    read: ({ report }) =>
      report.cache.patterns.map(({ pattern, loadErrors }) => [
        loadErrors,
        { "livecache.key.pattern": pattern },
      ]),
  },
  "livecache.near.entries": level(
    "{entry}",
    "Entries in this node's memory",
    (own) => own.report.cache.near.entries,
  ),
  "livecache.near.size": level("By", "Bytes of this node's memory", (own) => own.report.cache.near.bytes),
  "livecache.sockets": level("{socket}", "Connected sockets", (own) => own.report.live.connections),
  "livecache.watches": level(
    "{watch}",
    "Watched responses, of all sockets",
    (own) => own.report.live.watches,
  ),
  "livecache.channels": level("{channel}", "Channels that somebody is in", (own) => own.report.live.channels),
  "livecache.events.dropped": total(
    "{event}",
    "Events given up for want of room",
    (own) => own.report.live.eventsDropped,
  ),
  "livecache.refused": {
    ...{ kind: "total", unit: "{request}", what: "Refused for a bound" },
    read: ({ report: { live } }) => [
      [live.watchesRefused, { "livecache.refused.what": "watch" }],
      [live.joinsRefused, { "livecache.refused.what": "join" }],
    ],
  },
  "livecache.tokens.revoked": state(
    "{token}",
    "Revoked tokens that this node knows",
    ({ live }) => live.tokens.status().size,
  ),
  "livecache.tokens.age": state(
    "s",
    "How old that knowledge is",
    ({ live }) => live.tokens.status().freshMs / 1_000,
  ),
  "livecache.revocations.pending": level(
    "{revocation}",
    "Revocations that wait for the ground",
    ({ live }) => live.tokens.status().pending,
  ),
  "livecache.limits.decisions": {
    ...{ kind: "total", unit: "{decision}", what: "Decisions of rate limits" },
    read({ live }) {
      const { allowed, refused } = live.limits.figures();
      return [
        [allowed, { "livecache.limit.result": "allowed" }],
        [refused, { "livecache.limit.result": "refused" }],
      ];
    },
  },
};

/** Has a meter read the figures of a node whenever it collects, and count how long changes and loads take. The answer ends that. */
export function openInstruments(meter: Meter, live: MeasuredLive): () => void {
  const figures = Object.entries(FIGURES).map(
    ([name, figure]) => [make(meter, name, figure), figure] as const,
  );
  const instruments = figures.map(([instrument]) => instrument);
  function collect(result: BatchObservableResult): void {
    const known = { live, report: live.door.report() };
    for (const [instrument, figure] of figures) {
      for (const [value, attributes] of figure.read(known)) {
        // Without an age nothing is known yet, which no number says.
        if (Number.isFinite(value))
          result.observe(instrument, value, { ...attributes, "livecache.node": live.node });
      }
    }
  }
  meter.addBatchObservableCallback(collect, instruments);
  const stops = openDurations(meter, live);
  return () => {
    meter.removeBatchObservableCallback(collect, instruments);
    for (const stop of stops) stop();
  };
}

function openDurations(meter: Meter, { node, door }: MeasuredLive): readonly (() => void)[] {
  const seconds = { unit: "s", advice: { explicitBucketBoundaries: SECONDS } };
  const changes = meter.createHistogram("livecache.change.duration", {
    ...seconds,
    description: "How long changes took to stand in the log",
  });
  const loads = meter.createHistogram("livecache.cache.load.duration", {
    ...seconds,
    description: "How long loads took",
  });
  const own = { "livecache.node": node };
  return [
    door.signals.listen("change", ({ scope, ms }) =>
      changes.record(ms / 1_000, { ...own, "livecache.change.scope": scope }),
    ),
    door.signals.listen("cache", (event) => {
      if (event.type === "loaded")
        loads.record(event.ms / 1_000, { ...own, "livecache.reason": event.reason });
    }),
  ];
}

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

function make(meter: Meter, name: string, { kind, unit, what }: Figure): Observable {
  const options = { unit, description: what };
  if (kind === "total") return meter.createObservableCounter(name, { ...options, valueType: ValueType.INT });
  return kind === "level"
    ? meter.createObservableUpDownCounter(name, options)
    : meter.createObservableGauge(name, options);
}

function total(unit: string, what: string, read: (known: Known) => number): Figure {
  return { kind: "total", unit, what, read: (known) => [[read(known)]] };
}

function level(unit: string, what: string, read: (known: Known) => number): Figure {
  return { kind: "level", unit, what, read: (known) => [[read(known)]] };
}

function state(unit: string, what: string, read: (known: Known) => number): Figure {
  return { kind: "state", unit, what, read: (known) => [[read(known)]] };
}
