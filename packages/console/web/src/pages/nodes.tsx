import type { NodeReport } from "@livecache/wire";
import { useNodes } from "../api/nodes.tsx";
import { Card, Page } from "../parts/page.tsx";
import { Missing, Shown } from "../parts/states.tsx";
import { bytes, percent, short, span } from "../words.ts";

/** What each node says of itself. */
export function Nodes() {
  const { look } = useNodes();
  return (
    <Page
      title="Nodes"
      about="The processes of this application that share a ground. Each answers for itself."
    >
      <Shown look={look}>
        {({ nodes, missing }) => (
          <>
            <Missing nodes={missing} />
            <div className="grid two">
              {nodes.map((node) => (
                <NodeCard key={node.node} report={node} others={nodes} />
              ))}
            </div>
          </>
        )}
      </Shown>
    </Page>
  );
}

function NodeCard({
  report,
  others,
}: {
  readonly report: NodeReport;
  readonly others: readonly NodeReport[];
}) {
  const { node, pid, startedAtMs, nodeVersion, memory, ground, applied, hasPending, cache, live } = report;
  const behind = behindOf(applied, others);
  return (
    <Card
      title={node}
      aside={
        ground.state === "here" ? (
          <span className="pill good">ground here</span>
        ) : (
          <span className="pill bad">ground away for {span(ground.forMs)}</span>
        )
      }
    >
      <dl className="facts">
        <dt>Up for</dt>
        <dd>
          {span(Date.now() - startedAtMs)} · process {pid} · Node {nodeVersion}
        </dd>
        <dt>Applied</dt>
        <dd>
          {applied ? <code>{applied}</code> : "nothing yet"}
          {behind > 0 && <span className="pill warn">{behind} behind</span>}{" "}
          {hasPending && <span className="pill warn">changes wait here</span>}
        </dd>
        <dt>Memory</dt>
        <dd>
          {bytes(memory.rssBytes)}, of which {bytes(memory.heapUsedBytes)} heap
        </dd>
        <dt>Cache</dt>
        <dd>
          {short(cache.near.entries)} entries, {bytes(cache.near.bytes)} of {bytes(cache.near.maxBytes)};{" "}
          {cache.hits + cache.misses === 0 ? "nothing read yet" : `${percent(cache.hitRatio)} hits`}
        </dd>
        <dt>Sockets</dt>
        <dd>
          {short(live.connections)}, {short(live.watches)} watches, {short(live.channels)} channels
        </dd>
        {live.watchesRefused + live.joinsRefused + live.eventsDropped > 0 && (
          <>
            <dt>Refused</dt>
            <dd>
              {short(live.watchesRefused)} watches, {short(live.joinsRefused)} joins,{" "}
              {short(live.eventsDropped)} events given up
            </dd>
          </>
        )}
      </dl>
    </Card>
  );
}

/** How many records a node is behind the one that is furthest. They move while they are asked: a few mean nothing. */
function behindOf(applied: string | undefined, nodes: readonly NodeReport[]): number {
  const [epoch, own] = partsOf(applied);
  const furthest = nodes.reduce((most, node) => {
    const [other, at] = partsOf(node.applied);
    return other === epoch ? Math.max(most, at) : most;
  }, own);
  return furthest - own > 50 ? furthest - own : 0;
}

function partsOf(position: string | undefined): readonly [string, number] {
  const at = position?.lastIndexOf(".") ?? -1;
  return position === undefined ? ["", 0] : [position.slice(0, at), Number(position.slice(at + 1))];
}
