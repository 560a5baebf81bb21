import assert from "node:assert/strict";
import { randomWord } from "../base/ids.ts";
import type {
  SessionCreation,
  SessionEnding,
  SessionField,
  SessionPatch,
  SessionRecord,
  SessionRotation,
  SessionStore,
} from "../ports/session-store.ts";
import { mainRealm } from "./acts.ts";
import type { ConformanceGround } from "./run-cases.ts";

/** The sessions of the realm that most tests use. */
export function sessionsOf(ground: ConformanceGround): SessionStore {
  return mainRealm(ground).sessionStore;
}

/** The record of an ending. */
export function endingOf(...tags: string[]): SessionEnding {
  return { changeId: randomWord(16), origin: "writer", tags };
}

/** Creates a session that lives for an hour, and expects that. */
export async function createOne(
  store: SessionStore,
  id: string,
  part: Partial<SessionCreation> = {},
): Promise<void> {
  const life = { idleMs: 3_600_000, absoluteMs: undefined };
  const fields: readonly SessionField[] = [];
  const reply = await store.create({ id, fields, userId: undefined, ...life, isForeign: false, ...part });
  assert.equal(reply.state, "created");
}

/** A save that merges. */
export function patchOf(id: string, part: Partial<SessionPatch> = {}): SessionPatch {
  return {
    ...{ id, base: 1, mode: "merge", set: [], remove: [], userId: undefined, idleMs: undefined },
    ...part,
  };
}

/** A rotation that carries everything over. */
export function rotationOf(
  oldId: string,
  newId: string,
  part: Partial<SessionRotation> = {},
): SessionRotation {
  const same = { userId: undefined, idleMs: undefined, absoluteMs: undefined };
  return { ...same, oldId, newId, carry: true, set: [], remove: [], ending: endingOf("rotated"), ...part };
}

/** Reads a session that is there. */
export async function readHere(store: SessionStore, id: string): Promise<SessionRecord> {
  const reply = await store.read(id);
  assert(reply.state === "here", `expected a session, received ${reply.state}`);
  return reply.record;
}

/** What is known of an id. */
export async function stateOf(store: SessionStore, id: string): Promise<string> {
  return (await store.read(id)).state;
}

/** A session's properties, in order of their names. */
export async function fieldsOf(store: SessionStore, id: string): Promise<readonly SessionField[]> {
  const { fields } = await readHere(store, id);
  return fields.toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** All ids that pages tell, each once. */
export async function walk(store: SessionStore, limit: number): Promise<readonly string[]> {
  const ids = new Set<string>();
  let from: string | undefined;
  do {
    const { records, next } = await store.page(from, limit);
    for (const { id } of records) ids.add(id);
    from = next;
  } while (from !== undefined);
  return [...ids].sort();
}
