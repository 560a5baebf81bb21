import type { Position } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import type { Tasks } from "../base/tasks.ts";
import { MAX_ENDED_AT_ONCE } from "../ports/session-store.ts";
import type { SessionClosed, SessionRecord, SessionStore } from "../ports/session-store.ts";
import { createCopies } from "./copies.ts";
import type { Copies } from "./copies.ts";
import { createEndings } from "./endings.ts";
import type { Endings } from "./endings.ts";
import { createForeign } from "./foreign.ts";
import type { Foreign } from "./foreign.ts";
import { toData } from "./read-input.ts";
import type { SessionGone, StoredSession } from "./session-api.ts";

/** What the room needs from its surroundings. */
export interface SessionParts {
  readonly node: string;
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly tasks: Tasks;
  /** Aborted when the node closes. */
  readonly signal: AbortSignal;
  /** Told before an ending resolves: it stands in the log at `position`. */
  readonly onAppended: (position: Position) => void;
  /** Tags that moved on this node only, because the ground is away. */
  readonly onPending: (tags: readonly string[]) => void;
  readonly warn: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}

/** What the calls of one node share. */
export interface SessionCore extends SessionParts {
  readonly copies: Copies;
  readonly foreign: Foreign;
  readonly endings: Endings;
  readonly counts: { answeredFromCopies: number; sparedTouches: number };
  /** Ends what a user has too many of. Never rejects: they end at the latest when the ground is back. */
  endBeyond(ids: readonly string[]): Promise<void>;
  /** Does it to ours, and when there is none once more after one of connect-redis has become ours. */
  onOurs<T extends { readonly state: string }>(
    id: string,
    idleMs: number | undefined,
    work: () => Promise<T | SessionClosed>,
  ): Promise<T | SessionClosed>;
}

/** Makes what the calls of one node share. */
export function createSessionCore(parts: SessionParts): SessionCore {
  const copies = createCopies(parts.clock);
  const foreign = createForeign(parts.store, parts.warn);
  const endings = createEndings({ ...parts, foreign, copies });
  return {
    ...parts,
    copies,
    foreign,
    endings,
    counts: { answeredFromCopies: 0, sparedTouches: 0 },
    async endBeyond(ids) {
      if (ids.length === 0) return;
      await endings.end(ids.slice(0, MAX_ENDED_AT_ONCE)).catch(() => undefined);
    },
    async onOurs(id, idleMs, work) {
      const reply = await work();
      return reply.state === "absent" && (await foreign.take(id, idleMs)) ? work() : reply;
    },
  };
}

/** What the ground says of a session that takes no writes, as the application is told. */
export function gone({ state }: SessionClosed): SessionGone {
  return { state: state === "replaced" ? "replaced" : "gone" };
}

/** What the ground or a copy says of a session, as the application is told. */
export function toSession(record: SessionRecord, isCopy: boolean): StoredSession {
  const { id, fields, userId, version, createdAtMs, seenAtMs, expiresAtMs, endsAtMs, isReplaced } = record;
  const times = { createdAtMs, seenAtMs, expiresAtMs, endsAtMs };
  return { id, data: toData(fields), userId, version, ...times, isCopy, isReplaced };
}
