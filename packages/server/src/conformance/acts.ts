import assert from "node:assert/strict";
import type { Position } from "@livecache/wire";
import { randomWord } from "../base/ids.ts";
import type { CommitInput, CommitReply, ReadReply } from "../ports/cache-store.ts";
import type { ChangeInput, ChangeRecord, Tail, TailEvent } from "../ports/change-log.ts";
import type { Realm } from "../ports/ground.ts";
import { eventually } from "./eventually.ts";
import type { ConformanceGround } from "./run-cases.ts";

/** The realm that most tests use. */
export function mainRealm(ground: ConformanceGround): Realm {
  return ground.realm("main");
}

/** A text as bytes. */
export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A change by the node `writer`, with a fresh id. */
export function changeOf(part: Partial<ChangeInput>): ChangeInput {
  return { changeId: randomWord(16), origin: "writer", tags: [], mode: "purge", events: [], ...part };
}

/** Moves tags. */
export function move(realm: Realm, ...tags: string[]): Promise<Position> {
  return realm.changeLog.append(changeOf({ tags }));
}

/** Moves tags so that what was loaded before may still be answered as stale. */
export function soften(realm: Realm, ...tags: string[]): Promise<Position> {
  return realm.changeLog.append(changeOf({ tags, mode: "stale" }));
}

/** Publishes events with numbered bodies to a channel, one change for each. */
export async function publish(realm: Realm, channel: string, bodies: readonly string[]): Promise<void> {
  for (const body of bodies) {
    await realm.changeLog.append(changeOf({ events: [{ channel, name: "told", body }] }));
  }
}

/** Stores a value under its key and the tag `t`, stamped with the log's end unless a stamp is given. */
export async function store(realm: Realm, input: Partial<CommitInput> = {}): Promise<CommitReply> {
  const position = input.position ?? (await realm.changeLog.position());
  const key = input.key ?? "k";
  return realm.cacheStore.commit({
    key,
    tags: [key, "t"],
    value: bytes("value"),
    ttlMs: 60_000,
    keepMs: input.ttlMs ?? 60_000,
    ...input,
    position,
  });
}

/** Stores a value, and expects it to be taken. */
export async function stored(realm: Realm, input: Partial<CommitInput> = {}) {
  const reply = await store(realm, input);
  assert(reply.state === "stored", `expected a value to be stored, received ${JSON.stringify(reply)}`);
  return reply;
}

/** What is left of a stored entry's TTL, in milliseconds. */
export async function ttlLeftOf(realm: Realm, key = "k"): Promise<number> {
  const reply = await readOne(realm, key);
  assert(reply.state === "valid" || reply.state === "stale", `expected an entry, received ${reply.state}`);
  return reply.entry.ttlLeftMs;
}

/** Reads one key. */
export async function readOne(realm: Realm, key = "k"): Promise<ReadReply> {
  const [reply] = await realm.cacheStore.read([key]);
  assert(reply, "read answered nothing for a key");
  return reply;
}

/** Asks for the right to load `k`, and expects to get it. */
export async function take(realm: Realm, leaseMs = 60_000, key = "k") {
  const reply = await realm.cacheStore.begin({ key, leaseMs });
  assert.equal(reply.state, "granted");
  assert(reply.state === "granted");
  return reply;
}

/** A tail that keeps what it is told. */
export interface Heard {
  readonly events: TailEvent[];
  records(): readonly ChangeRecord[];
  readonly tail: Tail;
}

/** Follows the log, and resolves once the tail has heard everything there is. */
export async function follow(realm: Realm, node = "reader"): Promise<Heard> {
  const events: TailEvent[] = [];
  const tail = realm.changeLog.tail({ node, onEvent: (event) => void events.push(event) });
  await eventually("the tail hears everything", () => events.some(({ type }) => type === "heard"));
  const records = (): readonly ChangeRecord[] =>
    events.flatMap((event) => (event.type === "records" ? event.records : []));
  return { events, records, tail };
}
