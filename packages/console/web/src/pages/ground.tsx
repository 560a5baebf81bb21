import type { GroundView, ServerReport } from "@livecache/wire";
import { settingsAdvice } from "../api/health.ts";
import type { Advice } from "../api/health.ts";
import { useLook } from "../api/use-look.ts";
import { Again, Card, Page } from "../parts/page.tsx";
import { Empty, Shown } from "../parts/states.tsx";
import { Table } from "../parts/table.tsx";
import { ago, bytes, percent, short, span, time, whole } from "../words.ts";
import { AdviceItem } from "./overview.tsx";

/** What Redis says of itself, and what should be otherwise. */
export function Ground() {
  const look = useLook<GroundView>("ground", 5_000);
  return (
    <Page
      title={look.found?.kind === "memory" ? "Memory" : "Redis"}
      about={look.found && aboutOf(look.found)}
      actions={<Again onAgain={look.again} isAsking={look.isAsking} />}
    >
      <Shown look={look}>
        {(view) => (
          <>
            <Advices view={view} />
            {view.kind === "memory" && <InMemory />}
            {view.servers.map((server) => (
              <Server key={server.place} server={server} slot={view.slot} />
            ))}
            <Counts view={view} />
          </>
        )}
      </Shown>
    </Page>
  );
}

function aboutOf({ node, kind, status }: GroundView): string {
  if (kind === "memory") return "Everything is in this process, and gone with it.";
  const words = status.state === "here" ? "has answered" : "has been away";
  return `As node ${node} sees it: it ${words} for ${span(status.forMs)}.`;
}

function Advices({ view }: { readonly view: GroundView }) {
  const { status, kind } = view;
  const found: Advice[] = [...settingsAdvice(status.advice)];
  if (status.state === "away") {
    const fix = "Look whether the server runs and can be reached; nodes come back by themselves.";
    found.unshift({ level: "bad", what: "Redis is away", why: status.cause ?? "Nobody knows why.", fix });
  }
  if (found.length === 0) {
    return kind === "redis" ? <p className="quiet">Nothing about its settings should be otherwise.</p> : null;
  }
  return (
    <ul className="advices" aria-label="What should be otherwise">
      {found.map((advice) => (
        <AdviceItem key={advice.what} advice={advice} />
      ))}
    </ul>
  );
}

function InMemory() {
  return (
    <div className="card">
      <Empty icon="ground" title="There is no Redis">
        <p>
          One process alone needs none. Several need one to share what they know:{" "}
          <code>{"createLive({ ground: await openRedis(url) })"}</code>.
        </p>
      </Empty>
    </div>
  );
}

function Server({ server, slot }: { readonly server: ServerReport; readonly slot: number | undefined }) {
  const { product, version, place } = server;
  const name = `${product === "valkey" ? "Valkey" : "Redis"} ${version ?? ""}`.trim();
  const facts = factsOf(server, slot);
  return (
    <Card
      title={place === "server" ? name : `${name} at ${place}`}
      aside={<span className="pill">{server.role ?? "unknown role"}</span>}
    >
      {server.maxBytes !== undefined && server.maxBytes > 0 && server.usedBytes !== undefined && (
        <div
          className="shares"
          role="meter"
          aria-label="Memory in use"
          aria-valuemin={0}
          aria-valuemax={server.maxBytes}
          aria-valuenow={server.usedBytes}
        >
          <i
            className={server.usedBytes > server.maxBytes * 0.9 ? "error" : undefined}
            style={{ flex: server.usedBytes }}
          />
          <i className="miss" style={{ flex: Math.max(0, server.maxBytes - server.usedBytes) }} />
        </div>
      )}
      <dl className="facts columns">
        {facts.map(([title, words]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function factsOf(server: ServerReport, slot: number | undefined): readonly (readonly [string, string])[] {
  const { usedBytes, maxBytes, savedAtMs, appendOnly, uptimeMs } = server;
  const said = <T,>(value: T | undefined, say: (value: T) => string): string =>
    value === undefined ? "not told" : say(value);
  const memory = (used: number): string =>
    maxBytes
      ? `${bytes(used)} of ${bytes(maxBytes)} (${percent(used / maxBytes)})`
      : `${bytes(used)}, no bound`;
  const saved = savedAtMs === undefined ? "" : `, last dump ${ago(savedAtMs)}`;
  return [
    ["Round trip", time(server.roundTripMs)],
    ["Memory", said(usedBytes, memory)],
    ["When it is full", said(server.policy, (policy) => policy)],
    ["Fragmentation", said(server.fragmentation, (ratio) => ratio.toFixed(2))],
    ["Commands a second", said(server.commandsPerSecond, short)],
    ["Clients", said(server.clients, whole)],
    ["Keys", said(server.keys, (keys) => `${short(keys)}, of everybody`)],
    ["Evicted", said(server.evicted, short)],
    ["Expired", said(server.expired, short)],
    ["On disk", said(appendOnly, (isOn) => `${isOn ? "append-only file" : "no append-only file"}${saved}`)],
    ["Replicas", said(server.replicas, whole)],
    ["Up for", said(uptimeMs, span)],
    [
      "How it runs",
      said(server.mode, (mode) => (slot === undefined ? mode : `${mode}; our log in slot ${slot}`)),
    ],
  ];
}

function Counts({ view }: { readonly view: GroundView }) {
  const rows = Object.entries(view.counts).sort(([, a], [, b]) => b - a);
  const about = view.isPartial
    ? "Of the first 20,000 keys that were looked at: there are more."
    : "All keys of this application.";
  return (
    <Card title="What is kept" {...(rows.length > 0 && { about })} flush>
      {rows.length === 0 ? (
        <Empty icon="ground" title="Nothing is kept, or nobody answers" />
      ) : (
        <Table
          label="Keys by what they are for"
          rows={rows}
          idOf={([kind]) => kind}
          columns={[
            { title: "For", cell: ([kind]) => kind },
            { title: "Keys", isNumber: true, cell: ([, count]) => whole(count) },
          ]}
        />
      )}
    </Card>
  );
}
