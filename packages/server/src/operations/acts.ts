import { createHash } from "node:crypto";
import { LiveError } from "@livecache/wire";
import type { OperatedLive } from "./operated-live.ts";

/** What somebody who acts sends: why, and what it is about. */
export type ActBody = Readonly<Record<string, unknown>>;

interface Act {
  /** What stands in the audit; nothing secret. */
  readonly target: (body: ActBody) => Readonly<Record<string, unknown>>;
  readonly run: (live: OperatedLive, body: ActBody) => Promise<Readonly<Record<string, unknown>>>;
}

/** What can be done, by the last part of the path. */
export const ACTS: Readonly<Record<string, Act>> = {
  change: {
    target: ({ tags }) => ({ tags }),
    async run(live, { tags }) {
      const { changeId, scope } = await live.change({ tags: tags as string[] });
      return { changeId, scope };
    },
  },
  disconnect: {
    target: ({ socketId, userId }) => (socketId === undefined ? { userId } : { socketId }),
    async run(live, body) {
      const { socketId, userId } = body;
      const target =
        socketId === undefined
          ? { userId: text("userId", userId) }
          : { socketId: text("socketId", socketId) };
      return { disconnected: await live.admin.disconnect(target) };
    },
  },
  "sign-out": {
    target: ({ userId }) => ({ userId }),
    async run(live, body) {
      const userId = text("userId", body["userId"]);
      const [ended] = await Promise.all([live.sessions.endAll(userId), live.tokens.revokeUser(userId)]);
      return { sessions: ended };
    },
  },
  "end-session": {
    target: ({ userId, session }) => ({ userId, session }),
    async run(live, body) {
      const digest = text("session", body["session"]);
      const sessions = await live.sessions.of(text("userId", body["userId"]));
      const found = sessions.find(({ id }) => digestOf(id) === digest);
      return { ended: found !== undefined && (await live.sessions.end(found.id)) };
    },
  },
  "revoke-token": {
    target: ({ token, expiresAt }) => ({ digest: digestOf(String(token)), expiresAt }),
    async run(live, body) {
      const expiresAt = new Date(text("expiresAt", body["expiresAt"]));
      const { changeId } = await live.tokens.revoke(text("token", body["token"]), expiresAt);
      return { changeId };
    },
  },
};

/**
 * Reads why somebody acts.
 *
 * @throws LiveError `LIVE_INPUT_INVALID`
 */
export function reasonOf({ reason }: ActBody): string {
  if (typeof reason === "string" && reason.trim().length >= 3 && reason.length <= 200) return reason.trim();
  throw new LiveError(
    "LIVE_INPUT_INVALID",
    "operations: say why, in `reason`: 3 to 200 characters, which stand in the audit.",
  );
}

function text(field: string, value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  const received = JSON.stringify(value)?.slice(0, 80) ?? typeof value;
  throw new LiveError("LIVE_INPUT_INVALID", `operations: ${field} must be a text, received ${received}.`);
}

function digestOf(token: string): string {
  return createHash("sha256").update(token).digest("base64url").slice(0, 16);
}
