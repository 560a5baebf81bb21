import { useState } from "react";
import { addLatencies, latencyPercentile } from "@livecache/wire";
import type { LatencySource, NodesReport, PatternReport } from "@livecache/wire";
import { useNodes } from "../api/nodes.tsx";
import { Card, Page } from "../parts/page.tsx";
import { Empty, Missing, Shown } from "../parts/states.tsx";
import { Table } from "../parts/table.tsx";
import { hrefTo } from "../route.ts";
import { percent, short, time } from "../words.ts";

/** One pattern of keys, over all nodes. */
interface Pattern {
  readonly pattern: string;
  readonly asked: number;
  readonly hit: number;
  readonly stale: number;
  readonly miss: number;
  readonly error: number;
  readonly loads: number;
  readonly reasons: Readonly<Record<string, number>>;
  readonly latency: Readonly<Record<LatencySource, ReturnType<typeof addLatencies>>>;
}

const HITS = new Set(["hit-near", "hit-far", "joined"]);
const STALE = new Set(["stale", "timeout", "grace"]);
const SOURCES = ["near", "far", "origin"] as const;

/** How each pattern of keys is answered. */
export function Caches() {
  const { look } = useNodes();
  return (
    <Page
      title="Caches"
      about="Keys by their pattern: what readers got, why, and how long they waited. Counted since the nodes started."
    >
      <Shown look={look}>
        {(report) => {
          const patterns = addUp(report);
          return (
            <>
              <Missing nodes={report.missing} />
              {patterns.length === 0 ? <Nothing /> : <Patterns patterns={patterns} />}
            </>
          );
        }}
      </Shown>
    </Page>
  );
}

function Nothing() {
  return (
    <div className="card">
      <Empty icon="caches" title="Nothing has been read yet">
        <p>
          As soon as somebody asks for something that is cached, its pattern stands here:{" "}
          <code>user:*:orders</code> stands for all keys that differ in an id.
        </p>
      </Empty>
    </div>
  );
}

function Patterns({ patterns }: { readonly patterns: readonly Pattern[] }) {
  const [search, setSearch] = useState("");
  const found = patterns.filter(({ pattern }) => pattern.includes(search));
  return (
    <>
      <div className="bar">
        <label className="field">
          <span>Pattern</span>
          <input
            className="input"
            type="search"
            value={search}
            placeholder="user:"
            onChange={(event) => setSearch(event.target.value)}
          />
        </label>
        <Legend />
      </div>
      <Card title="What readers got" flush>
        <Table
          label="What readers got, by pattern of keys"
          rows={found}
          idOf={({ pattern }) => pattern}
          columns={[
            { title: "Pattern", cell: ({ pattern }) => <PatternLink pattern={pattern} /> },
            { title: "Share", cell: (row) => <Shares row={row} /> },
            { title: "Asked", isNumber: true, cell: ({ asked }) => short(asked) },
            { title: "Hit", isNumber: true, cell: ({ hit, asked }) => share(hit, asked) },
            { title: "Miss", isNumber: true, cell: ({ miss, asked }) => share(miss, asked) },
            { title: "Stale", isNumber: true, cell: ({ stale, asked }) => share(stale, asked) },
            { title: "Failed loads", isNumber: true, cell: ({ error, loads }) => share(error, loads) },
            { title: "Most misses", cell: ({ reasons }) => mainReason(reasons) },
          ]}
        />
      </Card>
      <Card
        title="How long they waited"
        about="Half of all readers waited no longer than the first figure, 99 of 100 no longer than the second. Each is at most 42 % too large."
        flush
      >
        <Table
          label="How long readers waited, by pattern of keys"
          rows={found}
          idOf={({ pattern }) => pattern}
          columns={[
            { title: "Pattern", cell: ({ pattern }) => <code>{pattern}</code> },
            ...SOURCES.map((source) => ({
              title: { near: "Memory", far: "Ground", origin: "Load" }[source],
              isNumber: true,
              cell: ({ latency }: Pattern) => times(latency[source]),
            })),
          ]}
        />
      </Card>
    </>
  );
}

function Legend() {
  return (
    <ul className="legend">
      <li>
        <i /> hit
      </li>
      <li>
        <i className="stale" /> stale
      </li>
      <li>
        <i className="miss" /> miss
      </li>
      <li>
        <i className="error" /> failed load
      </li>
    </ul>
  );
}

/** A pattern whose stars are at its end is a prefix, of which keys can be listed. */
function PatternLink({ pattern }: { readonly pattern: string }) {
  const prefix = pattern.split("*", 1)[0]!.replace(/:$/, "");
  const isPrefix = prefix !== "" && !prefix.startsWith("(");
  if (!isPrefix) return <code>{pattern}</code>;
  return (
    <a
      className="mono"
      href={hrefTo("keys", {
        pattern: pattern.includes("*") ? `${prefix}:*` : undefined,
        search: pattern.includes("*") ? undefined : pattern,
      })}
    >
      {pattern}
    </a>
  );
}

function Shares({ row }: { readonly row: Pattern }) {
  const { asked, hit, stale, miss, error } = row;
  const parts = [
    ["", hit],
    ["stale", stale],
    ["miss", Math.max(0, miss - error)],
    ["error", error],
  ] as const;
  return (
    <div className="shares" aria-hidden="true">
      {parts.map(([name, count]) =>
        count > 0 ? <i key={name} className={name} style={{ flex: count / Math.max(1, asked) }} /> : null,
      )}
    </div>
  );
}

function share(part: number, all: number): string {
  return all === 0 || part === 0 ? "–" : percent(part / all);
}

function mainReason(reasons: Pattern["reasons"]): string {
  const misses = Object.entries(reasons).filter(([reason]) => !HITS.has(reason) && !STALE.has(reason));
  const [most] = misses.sort(([, a], [, b]) => b - a);
  return most ? most[0] : "–";
}

function times(spread: Pattern["latency"]["near"]): string {
  const [half, most] = [latencyPercentile(spread, 0.5), latencyPercentile(spread, 0.99)];
  return half === undefined || most === undefined ? "–" : `${time(half)} · ${time(most)}`;
}

function addUp({ nodes }: NodesReport): readonly Pattern[] {
  const byPattern = new Map<string, PatternReport[]>();
  for (const report of nodes.flatMap(({ cache }) => cache.patterns)) {
    byPattern.set(report.pattern, [...(byPattern.get(report.pattern) ?? []), report]);
  }
  return [...byPattern]
    .map(([pattern, reports]) => patternOf(pattern, reports))
    .sort((a, b) => b.asked - a.asked);
}

function patternOf(pattern: string, reports: readonly PatternReport[]): Pattern {
  const reasons: Record<string, number> = {};
  for (const [reason, count] of reports.flatMap(({ answers }) => Object.entries(answers))) {
    reasons[reason] = (reasons[reason] ?? 0) + count;
  }
  const of = (names: (reason: string) => boolean): number =>
    Object.entries(reasons).reduce((sum, [reason, count]) => sum + (names(reason) ? count : 0), 0);
  const add = (get: (report: PatternReport) => number): number =>
    reports.reduce((sum, report) => sum + get(report), 0);
  const spreads = SOURCES.map((source) => [
    source,
    addLatencies(reports.map(({ latency }) => latency[source] ?? [])),
  ]);
  return {
    pattern,
    reasons,
    asked: of(() => true),
    hit: of((reason) => HITS.has(reason)),
    stale: of((reason) => STALE.has(reason)),
    miss: of((reason) => !HITS.has(reason) && !STALE.has(reason)),
    error: add(({ loadErrors }) => loadErrors),
    loads: add(({ loads }) => loads),
    latency: Object.fromEntries(spreads) as Pattern["latency"],
  };
}
