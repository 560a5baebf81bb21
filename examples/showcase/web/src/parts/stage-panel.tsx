import { useConnection, useLive } from "@livecache/client/react";
import type { StageAnswer } from "../../../src/answers.ts";
import { useSwitch } from "../use-switch.ts";
import { NodeTile } from "./node-tile.tsx";
import { NotFromHere } from "./not-from-here.tsx";
import { RedisTile } from "./redis-tile.tsx";
import { Timeline } from "./timeline.tsx";

/** The nodes and their Redis, the switches, and what came of them. */
export function StagePanel({ mayAct }: { mayAct: boolean }) {
  const { data } = useLive<StageAnswer>("/api/stage");
  const { busy, trouble, throwIt } = useSwitch();
  const { status } = useConnection();
  if (!data) return null;
  const { mode, redis, nodes, happenings } = data;
  return (
    <section id="stage" className="hall" aria-labelledby="stage-title">
      <div className="hall-head">
        <h2 id="stage-title">Take Redis away</h2>
        <p>{INTRO[redis.kind]}</p>
      </div>
      <div className="panel stage">
        <div className="machines">
          {redis.kind !== "none" && (
            <RedisTile
              redis={redis}
              mayAct={mayAct}
              busy={busy === "/api/redis"}
              onAct={(act) => throwIt("/api/redis", { act })}
            />
          )}
          <ul className="nodes" aria-label="Nodes">
            {nodes.map((node) => {
              const path = `/api/nodes/${encodeURIComponent(node.name)}`;
              return (
                <li key={node.name}>
                  <NodeTile
                    node={node}
                    onAct={mode === "cluster" && mayAct ? (act) => throwIt(path, { act }) : undefined}
                    busy={busy === path}
                  />
                </li>
              );
            })}
          </ul>
          {trouble && (
            <p className="form-error" role="alert">
              {trouble}
            </p>
          )}
          {!mayAct && redis.kind === "own" && <NotFromHere />}
          {status !== "online" && <p className="not-here">This page is looking for its server…</p>}
        </div>
        {redis.kind === "none" ? <HowTo /> : <Timeline happenings={happenings} />}
      </div>
    </section>
  );
}

const INTRO = {
  none: "Everything here is one process with its own memory: there is no Redis to take away yet.",
  given:
    "The applications share the Redis that REDIS_URL names. Stop it yourself, start it again, and watch what they make of it.",
  own: "Three processes behind one port share a real Redis. Kill it, freeze it, or kill a process, with windows open: they stay, go on, and catch up.",
} as const;

function HowTo() {
  return (
    <div className="how-to">
      <p>Run it as a cluster: three processes behind the same port, with a real Redis of their own.</p>
      <pre>
        <code>npm run start:cluster</code>
      </pre>
      <p>Then this place has the switches:</p>
      <ul>
        <li>kill Redis, or freeze it so that its connections hang, and start it again</li>
        <li>kill a process and see its windows move to the others</li>
        <li>read how soon each process noticed, and that nobody was kept waiting</li>
      </ul>
    </div>
  );
}
