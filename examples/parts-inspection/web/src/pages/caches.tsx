import { useSend } from "example-kit/web/live.ts";
import { PageHead } from "example-kit/web/parts/page-head.tsx";
import { Skeleton, Trouble } from "example-kit/web/parts/states.tsx";
import { Tile } from "example-kit/web/parts/tile.tsx";
import type { Refusal } from "example-kit/web/request.ts";
import type { NodesReport } from "@livecache/wire";
import { useEffect, useState } from "react";
import { NodeTable } from "../parts/node-table.tsx";
import { PatternTable } from "../parts/pattern-table.tsx";
import { RateChart } from "../parts/rate-chart.tsx";
import { WarmingPanel } from "example-kit/web/parts/warming-panel.tsx";
import { figuresOf } from "../figures.ts";
import type { Figures } from "../figures.ts";
import { shareWords } from "../words.ts";

const EVERY_MS = 2_000;

/** Most samples that the chart shows: four minutes. */
const MOST = 120;

/** How well the caches do, and what Redis and the sockets are like, on all nodes. */
export function CachesPage() {
  const { report, samples, refusal } = useReports();
  const figures = samples.at(-1);
  return (
    <>
      <PageHead title="Caches" note={report ? noteOf(report) : "Loading…"} />
      {!report && !refusal && <Skeleton rows={3} height={140} />}
      {!report && refusal && (
        <Trouble what="The figures" words={refusal.message} onRetry={() => location.reload()} />
      )}
      {report && figures && (
        <div className="dashboard">
          <Tiles figures={figures} />
          <section className="card" aria-labelledby="rate">
            <h2 id="rate">Answered from the cache, since this page was opened</h2>
            <RateChart samples={samples} />
          </section>
          <section className="card" aria-labelledby="warming">
            <h2 id="warming">Warming</h2>
            <WarmingPanel
              path="/api/warming"
              words="Loads the plant and the newest audits before anybody asks for them."
              noun="page"
            />
          </section>
          <section className="card card-wide" aria-labelledby="patterns">
            <h2 id="patterns">By what was asked for</h2>
            <PatternTable nodes={report.nodes} />
          </section>
          <section className="card card-wide" aria-labelledby="nodes">
            <h2 id="nodes">Redis and sockets, by server</h2>
            <NodeTable report={report} />
          </section>
        </div>
      )}
    </>
  );
}

function noteOf({ nodes, missing }: NodesReport): string {
  const silent = missing.length === 0 ? "" : `; no answer from ${missing.join(", ")}`;
  const servers = nodes.length === 1 ? "One server, since it" : `${nodes.length} servers, since each of them`;
  return `${servers} started${silent}`;
}

function Tiles({ figures }: { figures: Figures }) {
  const { hits, misses, meanLoadMs, sockets } = figures;
  const share = hits + misses === 0 ? 0 : hits / (hits + misses);
  return (
    <section className="tiles" aria-label="Key figures">
      <Tile icon="check" label="From the cache" value={share} format={shareWords} />
      <Tile icon="list" label="Database loads" value={misses} />
      <Tile icon="clock" label="Mean load" value={meanLoadMs} format={(ms) => `${ms.toFixed(1)} ms`} />
      <Tile icon="internet" label="Open sockets" value={sockets} />
    </section>
  );
}

/** Asks all nodes every two seconds while the page is seen, and keeps what they said. */
function useReports() {
  const send = useSend();
  const [report, setReport] = useState<NodesReport>();
  const [samples, setSamples] = useState<readonly Figures[]>([]);
  const [refusal, setRefusal] = useState<Refusal>();
  useEffect(() => {
    function look(): void {
      if (document.visibilityState === "hidden") return;
      send<NodesReport>("GET", "/api/operations/nodes").then((newest) => {
        setReport(newest);
        setSamples((before) => [...before, figuresOf(newest)].slice(-MOST));
        setRefusal(undefined);
      }, setRefusal);
    }
    look();
    const timer = setInterval(look, EVERY_MS);
    return () => clearInterval(timer);
  }, [send]);
  return { report, samples, refusal };
}
