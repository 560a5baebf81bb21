import { useLiveClient } from "@livecache/client/react";
import { useSend } from "example-kit/web/live.ts";
import { PageHead } from "example-kit/web/parts/page-head.tsx";
import { Skeleton, Trouble } from "example-kit/web/parts/states.tsx";
import { send } from "example-kit/web/request.ts";
import { useCallback, useEffect, useState } from "react";
import type { Comparison, FamilyFigures, Metrics } from "../../../src/answers.ts";
import { Card } from "../parts/card.tsx";
import { SampleChart } from "../parts/sample-chart.tsx";
import { StatTile } from "../parts/stat-tile.tsx";
import { bytesWords, countWords, msWords } from "../words.ts";

/** Figures that are made by reading are nobody's change: they are looked at every two seconds, while somebody sees the page. */
const EVERY_MS = 2_000;

/** What the cache saves, measured on the node that answers. */
export function SpeedPage() {
  const { metrics, trouble, reload } = useMetrics();
  return (
    <>
      <PageHead title="Speed" note="Every answer is measured: from the cache, and from the database." />
      {!metrics && !trouble && <Skeleton rows={3} height={120} />}
      {!metrics && trouble && <Trouble what="The figures" words={trouble} onRetry={() => void reload()} />}
      {metrics && <Figures metrics={metrics} onMeasured={() => void reload()} />}
    </>
  );
}

function useMetrics() {
  const client = useLiveClient();
  const [metrics, setMetrics] = useState<Metrics>();
  const [trouble, setTrouble] = useState<string>();
  const reload = useCallback(async () => {
    try {
      setMetrics(await send<Metrics>(client.fetch, { method: "GET", path: "/api/metrics" }));
      setTrouble(undefined);
    } catch (error) {
      setTrouble((error as Error).message);
    }
  }, [client]);
  useEffect(() => {
    void reload();
    const timer = setInterval(() => void (document.hidden || reload()), EVERY_MS);
    return () => clearInterval(timer);
  }, [reload]);
  return { metrics, trouble, reload };
}

function Figures({ metrics, onMeasured }: { metrics: Metrics; onMeasured: () => void }) {
  const { families, samples, node, ground } = metrics;
  const sum = (of: (family: FamilyFigures) => number): number =>
    families.reduce((all, one) => all + of(one), 0);
  const [hits, misses] = [sum((family) => family.hits), sum((family) => family.misses)];
  const ratio = hits + misses === 0 ? 0 : Math.round((hits / (hits + misses)) * 100);
  return (
    <div className="dashboard">
      <section className="tiles" aria-label="Since the node started">
        <StatTile
          kind="ratio"
          icon="target"
          label="From the cache"
          value={ratio}
          format={(value) => `${value}%`}
        />
        <StatTile kind="hits" icon="check" label="Hits" value={hits} />
        <StatTile kind="misses" icon="tools" label="Misses" value={misses} />
        <StatTile
          kind="bytes"
          icon="internet"
          label="Sent"
          value={sum(({ bytes }) => bytes)}
          format={bytesWords}
        />
      </section>
      <Card title="The last answers" className="card-wide">
        <SampleChart samples={samples} />
      </Card>
      <ComparisonCard onMeasured={onMeasured} />
      <Card title="By kind of data" className="card-wide">
        <FamilyTable families={families} />
        <p className="card-empty">
          Node {node}, ground: {ground}. Every node counts for itself.
        </p>
      </Card>
    </div>
  );
}

function ComparisonCard({ onMeasured }: { onMeasured: () => void }) {
  const post = useSend();
  const [measured, setMeasured] = useState<Comparison>();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string>();
  async function measure(): Promise<void> {
    if (busy) return;
    setBusy(true);
    try {
      setMeasured(await post<Comparison>("POST", "/api/metrics/comparison"));
      setTrouble(undefined);
      onMeasured();
    } catch (error) {
      setTrouble((error as Error).message);
    } finally {
      setBusy(false);
    }
  }
  return (
    <Card
      title="Your progress, both ways"
      className="card-wide"
      action={
        <button
          type="button"
          className="button button-step"
          aria-disabled={busy}
          onClick={() => void measure()}
        >
          {busy ? "Measuring…" : "Measure now"}
        </button>
      }
    >
      {trouble && (
        <p className="form-error" role="alert">
          {trouble}
        </p>
      )}
      {measured ? (
        <Compared measured={measured} />
      ) : (
        <p className="card-empty">
          Reads your own progress 25 times from the database and 25 times through the cache.
        </p>
      )}
    </Card>
  );
}

function Compared({ measured: { readings, cacheMs, databaseMs } }: { measured: Comparison }) {
  const bars = [
    { name: "database", ms: databaseMs },
    { name: "cache", ms: cacheMs },
  ] as const;
  return (
    <div role="status">
      <ul className="compared">
        {bars.map(({ name, ms }) => (
          <li key={name}>
            <span>{name === "cache" ? "Cache" : "Database"}</span>
            <span className="bars-track" aria-hidden="true">
              <span
                className={`compared-${name}`}
                style={{ inlineSize: `${Math.max(0.5, (ms / databaseMs) * 100)}%` }}
              />
            </span>
            <strong>{msWords(ms)}</strong>
          </li>
        ))}
      </ul>
      <p className="card-empty">
        {countWords(databaseMs / cacheMs)} times as fast. Medians of {readings} readings each, inside the
        server: what is asked for again and again comes out of its own memory.
      </p>
    </div>
  );
}

function FamilyTable({ families }: { families: readonly FamilyFigures[] }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be within reach of the keyboard
    <div className="table-scroll" tabIndex={0} role="region" aria-label="By kind of data">
      <table className="families">
        <thead>
          <tr>
            <th scope="col">Key</th>
            <th scope="col">Kept</th>
            <th scope="col">Hits</th>
            <th scope="col">Misses</th>
            <th scope="col">Cache</th>
            <th scope="col">Database</th>
            <th scope="col">Sent</th>
          </tr>
        </thead>
        <tbody>
          {families.map(({ family, ttl, hits, misses, cacheMs, databaseMs, bytes }) => (
            <tr key={family}>
              <th scope="row">
                <code>{family}</code>
              </th>
              <td>{ttl}</td>
              <td>{hits}</td>
              <td>{misses}</td>
              <td>{cacheMs === null ? "–" : msWords(cacheMs)}</td>
              <td>{databaseMs === null ? "–" : msWords(databaseMs)}</td>
              <td>{bytesWords(bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
