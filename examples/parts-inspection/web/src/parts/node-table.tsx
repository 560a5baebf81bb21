import type { NodeReport, NodesReport } from "@livecache/wire";
import { Ago } from "example-kit/web/parts/ago.tsx";
import type { ReactNode } from "react";
import { sizeWords } from "../words.ts";

/** What each server says of Redis, of its memory and of its sockets. */
export function NodeTable({ report: { nodes, missing } }: { report: NodesReport }) {
  return (
    <>
      {nodes.map((node) => (
        <NodeFacts key={node.node} node={node} />
      ))}
      {missing.map((name) => (
        <p key={name} className="form-error">
          {name} has not answered in time.
        </p>
      ))}
    </>
  );
}

function NodeFacts({ node }: { node: NodeReport }) {
  const { ground, cache, live, memory } = node;
  return (
    <article className="node" aria-label={`Server ${node.node}`}>
      <div className="node-head">
        <h3>{node.node}</h3>
        <span className={ground.state === "here" ? "pill pill-passed" : "pill pill-failed"}>
          {groundWords(node)}
        </span>
      </div>
      <dl className="node-facts">
        <Fact label="Started" value={<Ago moment={new Date(node.startedAtMs).toISOString()} />} />
        <Fact label="Process memory" value={sizeWords(memory.rssBytes)} />
        <Fact label="Near cache" value={`${cache.near.entries} entries, ${sizeWords(cache.near.bytes)}`} />
        <Fact label="Sockets" value={live.connections} />
        <Fact label="Live queries" value={live.watches} />
        <Fact label="Channels" value={live.channels} />
        <Fact label="Events held back" value={live.heldEvents} />
        <Fact label="Events dropped" value={live.eventsDropped} />
        <Fact label="Refused at a limit" value={live.watchesRefused + live.joinsRefused} />
        <Fact label="Changes waiting for Redis" value={node.hasPending ? "yes" : "none"} />
      </dl>
      {live.busiest.length > 0 && (
        <p className="node-channels">
          Busiest channels:{" "}
          {live.busiest
            .slice(0, 4)
            .map(({ channel, members }) => `${channel} (${members})`)
            .join(", ")}
        </p>
      )}
      {ground.advice.map(({ code, what, fix }) => (
        <p key={code} className="form-error">
          {what} {fix}
        </p>
      ))}
    </article>
  );
}

function groundWords({ ground }: NodeReport): string {
  if (ground.kind === "memory") return "In memory, without Redis";
  return ground.state === "here"
    ? "Redis answers"
    : `Redis is away${ground.cause ? `: ${ground.cause}` : ""}`;
}

function Fact({ label, value }: { label: string; value: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}
