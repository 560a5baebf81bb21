import type { TagReport } from "@livecache/wire";
import { useLook } from "../api/use-look.ts";
import { ChangeButtons } from "../parts/change-buttons.tsx";
import { Card, Page } from "../parts/page.tsx";
import { Empty, Missing, Shown } from "../parts/states.tsx";
import { Table } from "../parts/table.tsx";
import { hrefTo } from "../route.ts";
import { ago, short } from "../words.ts";

/** What depends on one tag, and when it moved. */
export function Tag({ name }: { readonly name: string }) {
  const look = useLook<TagReport>(`tag?tag=${encodeURIComponent(name)}`);
  const nodes = look.found?.nodes ?? [];
  const moved = nodes.map((node) => node.moved).find((one) => one !== undefined);
  return (
    <Page
      title={name}
      back={{ href: hrefTo("tags"), title: "Tags" }}
      about={
        look.found &&
        (moved ? (
          <>
            Last moved {moved.atMs === undefined ? "" : `${ago(moved.atMs)} `}with{" "}
            <a href={hrefTo("changes/trace", { change: moved.changeId })}>this change</a>.
          </>
        ) : (
          "No node remembers that it has moved."
        ))
      }
      actions={<ChangeButtons look={look} tag={name} words="Change it" />}
    >
      <Shown look={look}>
        {(report) => (
          <>
            <Missing nodes={report.missing} />
            <Card title="What depends on it" flush>
              <Table
                label="What depends on it, node by node"
                rows={report.nodes}
                idOf={({ node }) => node}
                columns={[
                  { title: "Node", cell: ({ node }) => <code>{node}</code> },
                  { title: "Entries in memory", isNumber: true, cell: ({ entries }) => short(entries) },
                  { title: "Watched responses", isNumber: true, cell: ({ queries }) => short(queries) },
                  { title: "Screens", isNumber: true, cell: ({ watchers }) => short(watchers) },
                ]}
              />
            </Card>
            <Keys report={report} />
          </>
        )}
      </Shown>
    </Page>
  );
}

function Keys({ report }: { readonly report: TagReport }) {
  const keys = [...new Set(report.nodes.flatMap((node) => node.keys))].sort();
  return (
    <Card title="Keys" about="Of each node the first hundred." flush={keys.length === 0}>
      {keys.length === 0 ? (
        <Empty icon="keys" title="No node holds anything that depends on it" />
      ) : (
        <ul className="chips">
          {keys.map((key) => (
            <li key={key}>
              <a className="chip mono" href={hrefTo("keys/key", { key })}>
                {key}
              </a>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
