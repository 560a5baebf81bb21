import { useLive, usePresence } from "@livecache/client/react";
import { wordsFor } from "example-kit/web/live.ts";
import { Ago } from "example-kit/web/parts/ago.tsx";
import { PageHead } from "example-kit/web/parts/page-head.tsx";
import { Empty, Skeleton, Trouble } from "example-kit/web/parts/states.tsx";
import { countOf } from "example-kit/web/words.ts";
import { useEffect } from "react";
import type { DriversAnswer, SessionsAnswer, SocketSession } from "../../../src/answers.ts";

/** The sockets of everybody, for operators. */
export function SessionsPage() {
  const { data, error, refetch } = useLive<SessionsAnswer>("/api/sessions");
  const { data: people } = useLive<DriversAnswer>("/api/drivers");
  const { users } = usePresence("city", {});
  // Records are told to nobody: whoever looks asks again when somebody comes or goes.
  const there = users.map(({ userId }) => userId).join();
  useEffect(() => {
    if (there !== "") void refetch();
  }, [there, refetch]);
  const nameOf = (userId: string | null): string =>
    people?.drivers.find(({ id }) => id === userId)?.name ?? userId ?? "nobody";
  const shown = data && [...data.sessions].sort((a, b) => (a.connectedAt < b.connectedAt ? 1 : -1));
  return (
    <>
      <PageHead
        title="Connections"
        note={data ? `${countOf(data.sessions.length, "socket")} on all servers` : "Sockets on all servers"}
      >
        <button type="button" className="button" onClick={() => void refetch()}>
          Look again
        </button>
      </PageHead>
      {!data && !error && <Skeleton rows={6} height={64} />}
      {!data && error && (
        <Trouble what="The connections" words={wordsFor(error)} onRetry={() => void refetch()} />
      )}
      {shown?.length === 0 && (
        <Empty title="Nobody is connected">
          <p>When a phone connects, its record appears here.</p>
        </Empty>
      )}
      {shown && shown.length > 0 && (
        <ul className="sockets" aria-label="Sockets">
          {shown.map((session) => (
            <SocketRow key={session.socketId} session={session} name={nameOf(session.userId)} />
          ))}
        </ul>
      )}
      <p className="panel-note">
        Records are written when a socket comes, goes or is somewhere else, and end by themselves an hour
        after the last time.
      </p>
    </>
  );
}

function SocketRow({ session, name }: { session: SocketSession; name: string }) {
  const { socketId, currentRegionId, lastLocation, connectedAt, lastActivityAt, userAgent } = session;
  return (
    <li className="socket">
      <strong>{name}</strong>
      <code>{socketId}</code>
      <dl>
        <div>
          <dt>Region</dt>
          <dd>{currentRegionId ? <code>{currentRegionId}</code> : "nowhere"}</dd>
        </div>
        <div>
          <dt>Location</dt>
          <dd>
            {lastLocation
              ? `${lastLocation.latitude.toFixed(4)}, ${lastLocation.longitude.toFixed(4)}`
              : "not told"}
          </dd>
        </div>
        <div>
          <dt>Connected</dt>
          <dd>
            <Ago moment={connectedAt} />
          </dd>
        </div>
        <div>
          <dt>Last activity</dt>
          <dd>
            <Ago moment={lastActivityAt} />
          </dd>
        </div>
        <div className="socket-agent">
          <dt>Program</dt>
          <dd>{userAgent ?? "not told"}</dd>
        </div>
      </dl>
    </li>
  );
}
