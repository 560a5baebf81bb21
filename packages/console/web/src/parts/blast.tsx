import type { ChangePreview, UserReport } from "@livecache/wire";
import { useLook } from "../api/use-look.ts";
import { counted, time } from "../words.ts";
import type { Act } from "./act-dialog.tsx";

/** What a change of these tags would do now. */
function ChangeBlast({ tags }: { readonly tags: readonly string[] }) {
  const query = tags.map((tag) => `tag=${encodeURIComponent(tag)}`).join("&");
  const { found, refused } = useLook<ChangePreview>(`preview?${query}`);
  if (refused) return <p>What it would do is not known: {refused.message}</p>;
  if (!found) return <p>Looking at what it would do…</p>;
  const { nodes, missing } = found;
  const add = (of: (node: (typeof nodes)[number]) => number): number =>
    nodes.reduce((sum, node) => sum + of(node), 0);
  return (
    <>
      <p>
        <strong>This is what it does now:</strong>
      </p>
      <ul>
        <li>
          drops{" "}
          {counted(
            add(({ entries }) => entries),
            "entry",
            "entries",
          )}{" "}
          from the memories of {counted(nodes.length, "node")}, about {time(add(({ loadMs }) => loadMs))} of
          loading
        </li>
        <li>
          has{" "}
          {counted(
            add(({ watchers }) => watchers),
            "screen",
          )}{" "}
          load anew, of{" "}
          {counted(
            add(({ queries }) => queries),
            "watched response",
          )}
        </li>
        {missing.length > 0 && <li>{counted(missing.length, "node")} did not answer, and will follow too</li>}
      </ul>
    </>
  );
}

/** What somebody would lose. */
function UserBlast({ userId, what }: { readonly userId: string; readonly what: "disconnect" | "sign-out" }) {
  const { found, refused } = useLook<UserReport>(`user?id=${encodeURIComponent(userId)}`);
  if (refused) return <p>What it would do is not known: {refused.message}</p>;
  if (!found) return <p>Looking at what it would do…</p>;
  const sockets = counted(found.sockets.length, "socket");
  return (
    <>
      <p>
        <strong>This is what it does now:</strong>
      </p>
      <ul>
        {what === "sign-out" && (
          <>
            <li>ends {counted(found.sessions.length, "session")}, on every device</li>
            <li>refuses all tokens issued up to now</li>
          </>
        )}
        <li>
          ends {sockets}
          {what === "disconnect"
            ? "; their clients come back by themselves"
            : " unless they may go on as nobody"}
        </li>
      </ul>
    </>
  );
}

/** Changes tags. */
export function changeAct(tags: readonly string[], onDone?: () => void): Act {
  return {
    name: "change",
    body: { tags },
    title: `Change ${tags.join(", ")}`,
    verb: "Change",
    blast: <ChangeBlast tags={tags} />,
    done: ({ scope }) =>
      scope === "local" ? "Changed here. Other nodes follow when Redis is back." : "Changed, on every node.",
    ...(onDone && { onDone }),
  };
}

/** Ends all sockets of a user. */
export function disconnectUserAct(userId: string, onDone?: () => void): Act {
  return {
    name: "disconnect",
    body: { userId },
    title: `Disconnect ${userId}`,
    verb: "Disconnect",
    isDanger: true,
    blast: <UserBlast userId={userId} what="disconnect" />,
    done: ({ disconnected }) => `${counted(Number(disconnected), "socket")} of ${userId} ended.`,
    ...(onDone && { onDone }),
  };
}

/** Ends one socket. */
export function disconnectSocketAct(
  {
    socketId,
    userId,
    channels,
  }: { readonly socketId: string; readonly userId: string | null; readonly channels: readonly string[] },
  onDone?: () => void,
): Act {
  return {
    name: "disconnect",
    body: { socketId },
    title: "Disconnect one socket",
    verb: "Disconnect",
    isDanger: true,
    blast: (
      <p>
        Ends a socket of <strong>{userId ?? "nobody"}</strong> that is in{" "}
        {counted(channels.length, "channel")}. Its client comes back by itself.
      </p>
    ),
    done: ({ disconnected }) => (Number(disconnected) > 0 ? "Disconnected." : "It was gone already."),
    ...(onDone && { onDone }),
  };
}

/** Signs a user out everywhere. */
export function signOutAct(userId: string, onDone?: () => void): Act {
  return {
    name: "sign-out",
    body: { userId },
    title: `Sign ${userId} out everywhere`,
    verb: "Sign out",
    isDanger: true,
    blast: <UserBlast userId={userId} what="sign-out" />,
    done: ({ sessions }) => `${userId} is signed out: ${counted(Number(sessions), "session")} ended.`,
    ...(onDone && { onDone }),
  };
}

/** Ends one session. */
export function endSessionAct(userId: string, session: string, onDone?: () => void): Act {
  return {
    name: "end-session",
    body: { userId, session },
    title: `End one session of ${userId}`,
    verb: "End it",
    isDanger: true,
    blast: <p>Whoever uses this session is signed out, and its sockets end. Other sessions go on.</p>,
    done: ({ ended }) => (ended ? "The session has ended." : "It had ended already."),
    ...(onDone && { onDone }),
  };
}

/** Revokes one token. */
export function revokeTokenAct(token: string, expiresAt: string, onDone?: () => void): Act {
  return {
    name: "revoke-token",
    body: { token, expiresAt },
    title: "Revoke a token",
    verb: "Revoke",
    isDanger: true,
    blast: (
      <p>
        No node accepts it any more, and sockets that rest on it end. It is kept as a digest, until it would
        have expired by itself. This cannot be undone.
      </p>
    ),
    done: () => "The token is revoked, on every node.",
    ...(onDone && { onDone }),
  };
}
