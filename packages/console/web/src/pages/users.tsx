import { useState } from "react";
import type { SocketsReport } from "@livecache/wire";
import { useLook } from "../api/use-look.ts";
import { useAct } from "../parts/act-dialog.tsx";
import { revokeTokenAct } from "../parts/blast.tsx";
import { Card, Page } from "../parts/page.tsx";
import { Empty, Missing, Shown } from "../parts/states.tsx";
import { goTo, hrefTo } from "../route.ts";
import { ago, counted, short } from "../words.ts";

/** What the node that was asked knows of tokens, sessions and limits. */
interface Security {
  readonly tokens: {
    readonly size: number;
    readonly watermarks: number;
    readonly freshMs: number | null;
    readonly pending: number;
  };
  readonly sessions: {
    readonly copies: number;
    readonly pendingEnds: number;
    readonly sparedTouches: number;
  };
  readonly limits: { readonly allowed: number; readonly refused: number; readonly known: number };
}

/** Finds a person, and shows who is connected. */
export function Users() {
  const look = useLook<SocketsReport>("sockets?limit=500", 5_000);
  const security = useLook<Security>("security", 5_000);
  return (
    <Page title="Users" about="What one person can reach now: sessions, tokens, limits and sockets.">
      <form
        className="bar"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          const id = String(new FormData(event.currentTarget).get("id")).trim();
          if (id !== "") goTo(hrefTo("users/user", { id }));
        }}
      >
        <label className="field">
          <span>Id of a user</span>
          <input className="input mono" name="id" required />
        </label>
        <button type="submit" className="button main-act">
          Show
        </button>
      </form>
      <Card title="Connected now" flush>
        <Shown look={look}>{(report) => <Connected report={report} />}</Shown>
      </Card>
      <div className="grid two">
        <Card
          title="What this node knows"
          about="Of sessions, tokens and limits; every node knows of all revoked tokens."
        >
          <Shown look={security}>{(found) => <SecurityFacts found={found} />}</Shown>
        </Card>
        <RevokeToken onDone={security.again} />
      </div>
    </Page>
  );
}

function SecurityFacts({ found }: { readonly found: Security }) {
  const { tokens, sessions, limits } = found;
  const freshness = tokens.freshMs === null ? "never" : ago(Date.now() - tokens.freshMs);
  return (
    <dl className="facts">
      <dt>Revoked tokens</dt>
      <dd>
        {short(tokens.size)}, and all earlier ones of {counted(tokens.watermarks, "user")}; heard of{" "}
        {freshness}
      </dd>
      <dt>Sessions</dt>
      <dd>
        {counted(sessions.copies, "copy", "copies")} kept for an outage,{" "}
        {counted(sessions.sparedTouches, "write")} spared
      </dd>
      <dt>Limits</dt>
      <dd>
        {short(limits.allowed)} allowed, {short(limits.refused)} refused, {counted(limits.known, "subject")}{" "}
        known
      </dd>
      {sessions.pendingEnds + tokens.pending > 0 && (
        <>
          <dt>Waiting</dt>
          <dd>
            {counted(sessions.pendingEnds + tokens.pending, "ending")} to be told to the others when Redis is
            back
          </dd>
        </>
      )}
    </dl>
  );
}

function Connected({ report }: { readonly report: SocketsReport }) {
  const { sockets, total, missing } = report;
  const byUser = new Map<string, number>();
  for (const { userId } of sockets) if (userId !== null) byUser.set(userId, (byUser.get(userId) ?? 0) + 1);
  const users = [...byUser].sort(([, a], [, b]) => b - a);
  return (
    <>
      <Missing nodes={missing} />
      {users.length === 0 ? (
        <Empty icon="users" title="Nobody who is known is connected" />
      ) : (
        <div className="card-body">
          {total > sockets.length && <p className="quiet">Of the first {short(sockets.length)} sockets.</p>}
          <ul className="chips">
            {users.map(([id, count]) => (
              <li key={id}>
                <a className="chip" href={hrefTo("users/user", { id })}>
                  {id} {count > 1 && <span className="pill">{count}</span>}
                </a>
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

const HOUR_MS = 3_600_000;

function RevokeToken({ onDone }: { readonly onDone: () => void }) {
  const open = useAct();
  const [token, setToken] = useState("");
  const [hours, setHours] = useState("24");
  if (!open) return null;
  return (
    <Card title="Revoke a token" about="One that was stolen, or shown where it should not be.">
      <form
        className="grid"
        onSubmit={(event) => {
          event.preventDefault();
          const expiresAt = new Date(Date.now() + Number(hours) * HOUR_MS).toISOString();
          open(revokeTokenAct(token.trim(), expiresAt, onDone));
          setToken("");
        }}
      >
        <label className="field">
          <span>Its id (jti), or all of it where it has none</span>
          <input
            className="input mono"
            required
            autoComplete="off"
            value={token}
            onChange={(event) => setToken(event.target.value)}
          />
        </label>
        <label className="field">
          <span>Hours until it expires by itself, at most</span>
          <input
            className="input"
            type="number"
            min="1"
            max="9600"
            required
            value={hours}
            onChange={(event) => setHours(event.target.value)}
          />
        </label>
        <div>
          <button type="submit" className="button danger">
            Revoke…
          </button>
        </div>
      </form>
    </Card>
  );
}
