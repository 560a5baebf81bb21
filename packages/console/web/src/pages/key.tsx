import type { KeyReport } from "@livecache/wire";
import { useSurroundings } from "../api/context.ts";
import { useLook } from "../api/use-look.ts";
import { ChangeButtons } from "../parts/change-buttons.tsx";
import { Card, Page } from "../parts/page.tsx";
import { Missing, Shown } from "../parts/states.tsx";
import { Table } from "../parts/table.tsx";
import { hrefTo } from "../route.ts";
import { ago, bytes, clock, span, time } from "../words.ts";

/** An entry as a node finds it; `live.why` says what it means. */
interface Entry {
  readonly state: "fresh" | "stale" | "void";
  readonly ttlLeftMs: number;
  readonly ageMs: number;
  readonly position: string;
  readonly bytes: number;
  readonly tags: readonly string[];
  readonly cause?: { readonly tag: string; readonly changeId?: string };
}

/** Something that happened to the key on a node. */
interface Happened {
  readonly type: "answered" | "loaded" | "dropped";
  readonly atMs: number;
  readonly reason: string;
  readonly ms?: number;
  readonly outcome?: string;
  readonly cause?: { readonly tag: string; readonly changeId?: string };
}

type KeyNode = Omit<KeyReport["nodes"][number], "near" | "far" | "last"> & {
  readonly near: Entry | string;
  readonly far: Entry | string;
  readonly last: readonly Happened[];
};

type Report = Omit<KeyReport, "nodes"> & { readonly nodes: readonly KeyNode[]; readonly value?: string };

/** All that is known of one key, on every node. */
export function Key({ name }: { readonly name: string }) {
  const { about } = useSurroundings();
  const look = useLook<Report>(`key?key=${encodeURIComponent(name)}`);
  return (
    <Page
      title={name}
      back={{ href: hrefTo("keys"), title: "Keys" }}
      actions={<ChangeButtons look={look} tag={name} words="Void it" />}
    >
      <Shown look={look}>
        {(report) => (
          <>
            <Missing nodes={report.missing} />
            <div className="grid two">
              <Stored nodes={report.nodes} />
              <Card title="Value">
                {about.values ? (
                  <Value value={report.value} />
                ) : (
                  <p className="quiet">
                    Values are not shown here. Whoever runs the application can allow it:{" "}
                    <code>createConsole(live, {"{ values: true }"})</code>.
                  </p>
                )}
              </Card>
            </div>
            {report.nodes.map((node) => (
              <OnNode key={node.node} view={node} />
            ))}
          </>
        )}
      </Shown>
    </Page>
  );
}

function Value({ value }: { readonly value: string | undefined }) {
  if (value === undefined) return <p className="quiet">Nothing that can be shown as JSON is stored now.</p>;
  return <pre>{indented(value)}</pre>;
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    // It was cut.
    return text;
  }
}

/** What the ground holds: the same for all nodes. */
function Stored({ nodes }: { readonly nodes: readonly KeyNode[] }) {
  const far = nodes.find((node) => typeof node.far === "object")?.far as Entry | undefined;
  const loads = nodes.flatMap(({ node, last }) =>
    last.flatMap((event) =>
      event.type === "loaded" && event.outcome === "stored" ? [{ node, ...event }] : [],
    ),
  );
  const [writer] = loads.sort((a, b) => b.atMs - a.atMs);
  if (!far) {
    const words =
      nodes[0]?.far === "unreachable"
        ? "The ground does not answer."
        : "Nothing is stored in the ground now.";
    return (
      <Card title="In the ground">
        <p className="quiet">{words}</p>
      </Card>
    );
  }
  return (
    <Card title="In the ground" aside={<State state={far.state} />}>
      <dl className="facts">
        <dt>Age</dt>
        <dd>{span(far.ageMs)}</dd>
        <dt>Time left</dt>
        <dd>{far.ttlLeftMs > 0 ? span(far.ttlLeftMs) : "its time is over"}</dd>
        <dt>Size</dt>
        <dd>{bytes(far.bytes)}</dd>
        <dt>Position</dt>
        <dd>
          <code>{far.position}</code>
        </dd>
        <dt>Written by</dt>
        <dd>
          {writer ? (
            <>
              <code>{writer.node}</code>, {ago(writer.atMs)}, loaded in {time(writer.ms ?? 0)}
            </>
          ) : (
            "no node remembers"
          )}
        </dd>
        <dt>Tags</dt>
        <dd>
          {far.tags.length === 0 ? (
            "none besides the key itself"
          ) : (
            <ul className="chips">
              {far.tags.map((tag) => (
                <li key={tag}>
                  <a className="chip mono" href={hrefTo("tags/tag", { tag })}>
                    {tag}
                  </a>
                </li>
              ))}
            </ul>
          )}
        </dd>
        {far.cause && (
          <>
            <dt>Moved by</dt>
            <dd>
              <CauseLink cause={far.cause} />
            </dd>
          </>
        )}
      </dl>
    </Card>
  );
}

function CauseLink({ cause }: { readonly cause: NonNullable<Entry["cause"]> }) {
  const { tag, changeId } = cause;
  if (changeId === undefined) return <code>{tag}</code>;
  return (
    <a href={hrefTo("changes/trace", { change: changeId })}>
      the change of <code>{tag}</code>
    </a>
  );
}

const LEVELS = { fresh: "good", stale: "warn", void: "bad" } as const;

function State({ state }: { readonly state: Entry["state"] }) {
  return <span className={`pill ${LEVELS[state]}`}>{state}</span>;
}

function OnNode({ view }: { readonly view: KeyNode }) {
  const { node, near, last, explanation } = view;
  return (
    <Card
      title={`On node ${node}`}
      about={explanation}
      aside={typeof near === "object" ? <State state={near.state} /> : <span className="pill">{near}</span>}
      flush
    >
      {last.length > 0 && (
        <Table
          label={`What happened to it on node ${node}`}
          rows={last}
          idOf={(event) => `${event.atMs} ${event.type} ${event.reason}`}
          columns={[
            { title: "When", cell: ({ atMs }) => clock(atMs) },
            { title: "What", cell: ({ type, outcome }) => (outcome ? `${type}, ${outcome}` : type) },
            { title: "Why", cell: ({ reason }) => reason },
            { title: "Took", isNumber: true, cell: ({ ms }) => (ms === undefined ? "" : time(ms)) },
            { title: "By", cell: ({ cause }) => (cause ? <CauseLink cause={cause} /> : "") },
          ]}
        />
      )}
    </Card>
  );
}
