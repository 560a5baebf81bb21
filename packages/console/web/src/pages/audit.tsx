import type { AuditReport } from "@livecache/wire";
import { useSurroundings } from "../api/context.ts";
import { useLook } from "../api/use-look.ts";
import { Again, Card, Page } from "../parts/page.tsx";
import { Empty, Missing, Shown } from "../parts/states.tsx";
import { Table } from "../parts/table.tsx";
import { hrefTo } from "../route.ts";
import { date } from "../words.ts";

type Line = AuditReport["lines"][number];

/** What operators have done, and why. */
export function Audit() {
  const { about } = useSurroundings();
  const look = useLook<AuditReport>("audit", 5_000);
  return (
    <Page
      title="Audit"
      about="What operators have done or tried to do, and why. Each node remembers its last 200; the application's log has all."
      actions={<Again onAgain={look.again} isAsking={look.isAsking} />}
    >
      <Card title="Newest first" flush>
        <Shown look={look}>
          {({ lines, missing }) => (
            <>
              <Missing nodes={missing} />
              {lines.length === 0 ? (
                <Empty icon="audit" title="Nobody has done anything">
                  {about.operator.role === "read" && <p>You may look on, and not act.</p>}
                </Empty>
              ) : (
                <Lines lines={lines} />
              )}
            </>
          )}
        </Shown>
      </Card>
    </Page>
  );
}

function Lines({ lines }: { readonly lines: readonly Line[] }) {
  return (
    <Table
      label="What operators have done, newest first"
      rows={lines}
      idOf={({ atMs, node, action }) => `${atMs} ${node} ${action}`}
      columns={[
        { title: "What", cell: ({ action, target }) => `${action} ${targetOf(target)}` },
        { title: "Who", cell: ({ operator }) => operator },
        { title: "When", cell: ({ atMs }) => date(atMs) },
        { title: "Why", cell: ({ reason }) => reason },
        { title: "What came of it", cell: ({ outcome }) => <Outcome outcome={outcome} /> },
        { title: "Node", cell: ({ node }) => <code>{node}</code> },
      ]}
    />
  );
}

function targetOf(target: Line["target"]): string {
  return Object.values(target)
    .flat()
    .map((value) => String(value))
    .join(", ");
}

function Outcome({ outcome }: { readonly outcome: Line["outcome"] }) {
  if (typeof outcome === "string") return <span className="pill bad">{outcome}</span>;
  const { changeId } = outcome;
  if (typeof changeId === "string")
    return <a href={hrefTo("changes/trace", { change: changeId })}>its trace</a>;
  return Object.entries(outcome)
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join(", ");
}
