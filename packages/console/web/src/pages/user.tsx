import type { FeedLine, FeedReport, UserReport } from "@livecache/wire";
import { useLook } from "../api/use-look.ts";
import { useAct } from "../parts/act-dialog.tsx";
import { disconnectUserAct, endSessionAct, signOutAct } from "../parts/blast.tsx";
import { FeedLines } from "../parts/feed-lines.tsx";
import { Again, Card, Page } from "../parts/page.tsx";
import { Empty, Missing, Shown } from "../parts/states.tsx";
import { Table } from "../parts/table.tsx";
import { hrefTo } from "../route.ts";
import { ago, counted, date } from "../words.ts";
import { SocketTable } from "./sockets.tsx";

/** One person: what they can reach now, and what happened. */
export function User({ id }: { readonly id: string }) {
  const look = useLook<UserReport>(`user?id=${encodeURIComponent(id)}`, 5_000);
  const feed = useLook<FeedReport>("feed?limit=500", 5_000);
  const open = useAct();
  const { again } = look;
  return (
    <Page
      title={id}
      back={{ href: hrefTo("users"), title: "Users" }}
      about={look.found && (look.found.isOnline ? "Connected now." : "Not connected.")}
      actions={
        <>
          <Again onAgain={again} isAsking={look.isAsking} />
          {open && (
            <>
              <button type="button" className="button" onClick={() => open(disconnectUserAct(id, again))}>
                Disconnect
              </button>
              <button type="button" className="button danger" onClick={() => open(signOutAct(id, again))}>
                Sign out everywhere
              </button>
            </>
          )}
        </>
      }
    >
      <Shown look={look}>
        {(report) => (
          <>
            <Missing nodes={report.missing} />
            <Sessions report={report} onDone={again} />
            <Card title="Tokens">
              <p>
                {report.tokensRevokedUpToMs === undefined
                  ? "Tokens of this person are accepted until they expire, but for those that were revoked one by one."
                  : `Tokens issued up to ${date(report.tokensRevokedUpToMs)} are refused.`}
              </p>
            </Card>
            <Card title={counted(report.sockets.length, "socket")} flush>
              {report.sockets.length === 0 ? (
                <Empty icon="sockets" title="Not connected" />
              ) : (
                <SocketTable sockets={report.sockets} onDone={again} />
              )}
            </Card>
          </>
        )}
      </Shown>
      <Card
        title="Lately"
        about="Sessions, limits, refusals and sockets of this person, as far as the nodes remember."
        flush
      >
        <Shown look={feed}>
          {({ lines }) => {
            const own = lines.filter((line) => concerns(line, id)).reverse();
            return own.length === 0 ? (
              <Empty icon="feed" title="Nothing lately" />
            ) : (
              <FeedLines lines={own.slice(0, 50)} />
            );
          }}
        </Shown>
      </Card>
    </Page>
  );
}

function concerns({ kind, details }: FeedLine, id: string): boolean {
  if (details["userId"] === id) return true;
  if (kind === "limit") return String(details["subject"]).split(/[\s:]/).includes(id);
  return kind === "act" && (details["target"] as Record<string, unknown> | undefined)?.["userId"] === id;
}

function Sessions({ report, onDone }: { readonly report: UserReport; readonly onDone: () => void }) {
  const open = useAct();
  const { sessions, userId } = report;
  type Row = (typeof sessions)[number];
  return (
    <Card
      title={counted(sessions.length, "session")}
      about="Named by digests: the id of a session opens it."
      flush
    >
      {sessions.length === 0 ? (
        <Empty icon="users" title="No session" />
      ) : (
        <Table
          label="Sessions"
          rows={sessions}
          idOf={({ id }) => id}
          columns={[
            { title: "Session", cell: ({ id }) => <code>{id}</code> },
            { title: "Begun", cell: ({ createdAtMs }) => date(createdAtMs) },
            { title: "Last used", cell: ({ seenAtMs }) => ago(seenAtMs) },
            { title: "Ends unused", cell: ({ expiresAtMs }) => ago(expiresAtMs) },
            ...(open
              ? [
                  {
                    title: "Action",
                    cell: ({ id }: Row) => (
                      <button
                        type="button"
                        className="button tiny"
                        onClick={() => open(endSessionAct(userId, id, onDone))}
                      >
                        End<span className="visually-hidden"> session {id}</span>
                      </button>
                    ),
                  },
                ]
              : []),
          ]}
        />
      )}
    </Card>
  );
}
