import { WarmingPanel } from "example-kit/web/parts/warming-panel.tsx";
import { useSend } from "example-kit/web/live.ts";
import { PageHead } from "example-kit/web/parts/page-head.tsx";
import { Skeleton, Trouble } from "example-kit/web/parts/states.tsx";
import { useState } from "react";
import type { CacheTestAnswer, CachesAnswer } from "../../../src/answers.ts";
import { Tile } from "example-kit/web/parts/tile.tsx";
import { Card, Tiles } from "../parts/card.tsx";
import { useAct } from "../parts/use-act.ts";
import { useCaches } from "../parts/use-caches.ts";
import { shareOf } from "../words.ts";

const percent = (value: number): string => `${value.toFixed(1)}%`;

/** How the caches are doing, and what can be done about them. */
export function CachesPage() {
  const { data, error } = useCaches();
  return (
    <>
      <PageHead
        title="Caches"
        note="What this server has kept, and what that has saved. Counted anew every two seconds."
      />
      {!data && !error && <Skeleton rows={3} height={140} />}
      {!data && error && <Trouble what="The caches" words={error} onRetry={() => location.reload()} />}
      {data && (
        <div className="board">
          <Figures caches={data} />
          <Redis caches={data} />
          <Card title="Warming" span={6}>
            <WarmingPanel
              path="/api/warming"
              words="Loads every role and every dashboard, before the school day begins."
              noun="answer"
            />
          </Card>
          <Patterns stats={data.stats} />
          <Trial />
        </div>
      )}
    </>
  );
}

function Figures({ caches: { stats, revoked } }: { caches: CachesAnswer }) {
  return (
    <Tiles>
      <Tile icon="list" label="Entries" value={stats.size} />
      <Tile
        icon="gauge"
        label="Hit ratio"
        value={stats.hitRatio * 100}
        format={percent}
        className="tile-good"
      />
      <Tile icon="check" label="Hits" value={stats.hits} />
      <Tile icon="chart" label="Misses" value={stats.misses} />
      <Tile
        icon="alert"
        label="Failed loads"
        value={stats.errors}
        {...(stats.errors > 0 && { className: "tile-bad" })}
      />
      <Tile icon="out" label="Tokens given back" value={revoked} />
    </Tiles>
  );
}

function Redis({ caches: { stats, redis, node } }: { caches: CachesAnswer }) {
  return (
    <Card title="Where it is kept" span={6}>
      <dl className="facts">
        <dt>Type</dt>
        <dd>{stats.type === "redis" ? "Redis" : "Memory of this process"}</dd>
        <dt>Connected</dt>
        <dd>
          <span className={`pill ${redis.connected ? "mark-present" : "mark-late"}`}>
            {redis.connected ? "Yes" : "No"}
          </span>
        </dd>
        <dt>Redis says</dt>
        <dd>{redis.words}</dd>
        <dt>In this node's memory</dt>
        <dd>
          {stats.near.entries} entries, {(stats.near.bytes / 1_024).toFixed(0)} KiB
        </dd>
        <dt>Node</dt>
        <dd>
          <code>{node}</code>
        </dd>
      </dl>
      {redis.advice.map((words) => (
        <p key={words} className="faint">
          {words}
        </p>
      ))}
    </Card>
  );
}

const HITS = ["hit-near", "hit-far", "joined", "stale", "timeout", "grace"];

interface Family {
  readonly family: string;
  all: number;
  hits: number;
  loads: number;
  loadMs: number;
}

/** Counters of keys by what they are about: everybody's own key is of no interest. */
function familiesOf(patterns: CachesAnswer["stats"]["patterns"]): Family[] {
  const families = new Map<string, Family>();
  for (const { pattern, answers, loads, loadMsMean } of patterns) {
    const parts = pattern.split(":");
    const words = parts[0] === "http" ? 3 : parts[0] === "dashboard" ? 2 : 1;
    const family = parts.length > words ? `${parts.slice(0, words).join(":")}:*` : pattern;
    const sum = families.get(family) ?? { family, all: 0, hits: 0, loads: 0, loadMs: 0 };
    for (const [reason, count] of Object.entries(answers)) {
      sum.all += count;
      if (HITS.includes(reason)) sum.hits += count;
    }
    sum.loads += loads;
    sum.loadMs += loads * loadMsMean;
    families.set(family, sum);
  }
  return [...families.values()].sort((a, b) => b.all - a.all);
}

function Patterns({ stats: { patterns } }: Pick<CachesAnswer, "stats">) {
  const { busy, act } = useAct();
  const rows = familiesOf(patterns);
  return (
    <Card
      title="By kind of key"
      aside={
        <button
          type="button"
          className="button button-step"
          aria-disabled={busy}
          onClick={() => busy || void act("DELETE", "/api/caches/dashboards")}
        >
          Forget every dashboard
        </button>
      }
    >
      <div className="table-scroll">
        <table>
          <thead>
            <tr>
              {["Keys", "Answers", "Hits", "Loads", "Mean load"].map((words) => (
                <th key={words} scope="col">
                  {words}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ family, all, hits, loads, loadMs }) => (
              <tr key={family}>
                <th scope="row">
                  <code>{family}</code>
                </th>
                <td>{all}</td>
                <td>{shareOf(hits, all)}</td>
                <td>{loads}</td>
                <td>{loads === 0 ? "–" : `${(loadMs / loads).toFixed(1)} ms`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

/** Goes through every call of the cache on an entry of its own. */
function Trial() {
  const send = useSend();
  const [steps, setSteps] = useState<CacheTestAnswer["steps"]>();
  const [trouble, setTrouble] = useState<string>();
  function run(): void {
    setTrouble(undefined);
    send<CacheTestAnswer>("POST", "/api/caches/test").then(
      (answer) => setSteps(answer.steps),
      (error: Error) => setTrouble(error.message),
    );
  }
  return (
    <Card
      title="Try it"
      aside={
        <button type="button" className="button button-step" onClick={run}>
          Run a test
        </button>
      }
    >
      {!steps && !trouble && (
        <p className="faint">Stores, reads and deletes an entry, and shows what came back.</p>
      )}
      {trouble && (
        <p className="form-error" role="alert">
          {trouble}
        </p>
      )}
      {steps && (
        <ol className="trial" role="status">
          {steps.map(({ call, answer }, index) => (
            <li key={`${index} ${call}`}>
              <code>{call}</code>
              <span>{JSON.stringify(answer)}</span>
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}
