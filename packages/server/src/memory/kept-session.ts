import { ENDED_KEPT_MS, MAX_SESSION_BYTES, MAX_SESSION_FIELDS } from "../ports/session-store.ts";
import type {
  SessionCreation,
  SessionField,
  SessionFull,
  SessionPatch,
  SessionRecord,
  SessionRotation,
} from "../ports/session-store.ts";

/** A value, and the version that it was saved with. */
interface KeptField {
  readonly json: string;
  readonly version: number;
}

/** Instants are on the wall clock. */
export interface KeptSession {
  fields: Map<string, KeptField>;
  userId: string | undefined;
  /** The user's round that it belongs to. */
  round: string;
  version: number;
  /** The version with which a property was last removed. */
  removedIn: number;
  createdAtMs: number;
  seenAtMs: number;
  idleMs: number;
  endsAtMs: number | undefined;
  /** Until when it can be read under an id that was replaced. */
  replacedUntilMs: number | undefined;
}

/** Stands for a session that was ended. */
interface KeptEnd {
  readonly endedUntilMs: number;
}

/** What stands under an id. */
export type Kept = KeptSession | KeptEnd;

export const isEnd = (kept: Kept): kept is KeptEnd => "endedUntilMs" in kept;

/** A new session, of no round yet. */
export function created({ fields, userId, idleMs, absoluteMs }: SessionCreation, nowMs: number): KeptSession {
  return {
    fields: new Map(fields.map(([name, json]) => [name, { json, version: 1 }])),
    userId,
    round: "",
    version: 1,
    removedIn: 0,
    createdAtMs: nowMs,
    seenAtMs: nowMs,
    idleMs,
    endsAtMs: absoluteMs === undefined ? undefined : nowMs + absoluteMs,
    replacedUntilMs: undefined,
  };
}

/** What the old one becomes under its new id, of no round of its own yet. */
export function rotated(input: SessionRotation, old: KeptSession, nowMs: number): KeptSession {
  const fresh: KeptSession = {
    ...old,
    fields: new Map(),
    userId: input.userId === undefined ? old.userId : (input.userId ?? undefined),
    version: 1,
    removedIn: 0,
    createdAtMs: nowMs,
    seenAtMs: nowMs,
    idleMs: input.idleMs ?? old.idleMs,
    endsAtMs: input.absoluteMs === undefined ? old.endsAtMs : nowMs + input.absoluteMs,
  };
  if (input.carry) for (const [name, { json }] of old.fields) fresh.fields.set(name, { json, version: 1 });
  for (const name of input.remove) fresh.fields.delete(name);
  for (const [name, json] of input.set) fresh.fields.set(name, { json, version: 1 });
  return fresh;
}

export function expiryOf({ seenAtMs, idleMs, endsAtMs = Infinity }: KeptSession): number {
  return Math.min(seenAtMs + idleMs, endsAtMs);
}

/** When nothing of it needs to be known any more. */
export function goneAt(kept: Kept): number {
  if (isEnd(kept)) return kept.endedUntilMs;
  return kept.replacedUntilMs === undefined ? expiryOf(kept) : kept.replacedUntilMs + ENDED_KEPT_MS;
}

/** Properties that others have changed since; `undefined`: it may be saved. */
export function conflictOf(
  session: KeptSession,
  { mode, base, set, remove }: SessionPatch,
): string[] | undefined {
  if (mode === "merge" || session.version === base) return undefined;
  if (mode === "exact") return [];
  const named = [...set.map(([name]) => name), ...remove];
  // Of a property that is not there it is not known when it went: any removal since then may have been its own.
  const changed = named.filter((name) => (session.fields.get(name)?.version ?? session.removedIn) > base);
  return changed.length > 0 ? changed : undefined;
}

export function patched(
  { fields, version }: KeptSession,
  { set, remove }: SessionPatch,
): Map<string, KeptField> {
  const next = new Map(fields);
  for (const name of remove) next.delete(name);
  for (const [name, json] of set) next.set(name, { json, version: version + 1 });
  return next;
}

/** `undefined` when they are within the bounds. */
export function fullness(fields: ReadonlyMap<string, KeptField>): SessionFull | undefined {
  let bytes = 0;
  for (const [name, { json }] of fields) bytes += Buffer.byteLength(name) + Buffer.byteLength(json);
  const isFull = bytes > MAX_SESSION_BYTES || fields.size > MAX_SESSION_FIELDS;
  return isFull ? { state: "full", bytes, fields: fields.size } : undefined;
}

export function recordOf(id: string, session: KeptSession, nowMs: number): SessionRecord {
  const { userId, version, createdAtMs, seenAtMs, idleMs, endsAtMs, replacedUntilMs } = session;
  const fields = [...session.fields].map(([name, { json }]): SessionField => [name, json]);
  const expiresAtMs = replacedUntilMs ?? expiryOf(session);
  const times = { createdAtMs, seenAtMs, idleMs, expiresAtMs, endsAtMs, leftMs: expiresAtMs - nowMs };
  return { id, fields, userId, version, ...times, isReplaced: replacedUntilMs !== undefined };
}
