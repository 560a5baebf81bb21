import assert from "node:assert/strict";
import { formatCursor } from "@livecache/wire";
import { randomWord } from "../base/ids.ts";
import type { KeptDiff, KeptPage, KeptUser, PresenceStore, PresenceWrite } from "../ports/presence-store.ts";
import { mainRealm } from "./acts.ts";
import { eventually } from "./eventually.ts";
import type { ConformanceGround } from "./run-cases.ts";

/** Long enough for a busy machine, and renewed by nobody. */
const LONG_LEASE_MS = 60_000;

/** One incarnation of a node. */
export interface Speaker {
  readonly incarnation: string;
  /** Says that users are there, by `id` or `id away` or `id online {meta}`; or with `-` before it that they are there no more. */
  say(channel: string, ...users: readonly string[]): Promise<boolean>;
}

/** The presence store of the realm that tests use. */
export function presenceOf(ground: ConformanceGround): PresenceStore {
  return mainRealm(ground).presenceStore;
}

/** Begins an incarnation. */
export async function begin(store: PresenceStore, leaseMs: number = LONG_LEASE_MS): Promise<Speaker> {
  const incarnation = randomWord(12);
  const { alive } = await store.renew({ incarnation, begins: true, leaseMs });
  assert.equal(alive, true, "a new incarnation lives");
  return {
    incarnation,
    say: (channel, ...users) => store.write({ incarnation, channel, users: users.map(toWrite) }),
  };
}

function toWrite(text: string): PresenceWrite {
  if (text.startsWith("-")) return { userId: text.slice(1) };
  const [userId = "", state, ...meta] = text.split(" ");
  return {
    userId,
    state: state === "away" ? "away" : "online",
    meta: meta.length > 0 ? meta.join(" ") : undefined,
  };
}

/** Long enough to say something first, also beside much else. */
const SHORT_LEASE_MS = 1_000;

/** Begins an incarnation that says something and is not heard of again; resolves when it has ended. */
export async function beginAndEnd(
  store: PresenceStore,
  others: Speaker,
  said: Readonly<Record<string, readonly string[]>>,
): Promise<Speaker> {
  const ending = await begin(store, SHORT_LEASE_MS);
  for (const [channel, users] of Object.entries(said)) {
    assert.equal(await ending.say(channel, ...users), true, "said before the lease ended");
  }
  await eventually("the lease ends", async () => {
    const { nextEndMs = Number.POSITIVE_INFINITY } = await renew(store, others);
    return nextEndMs > SHORT_LEASE_MS && !(await ending.say("elsewhere", "x"));
  });
  return ending;
}

/** Says that an incarnation goes on. */
export function renew(store: PresenceStore, { incarnation }: Speaker) {
  return store.renew({ incarnation, begins: false, leaseMs: LONG_LEASE_MS });
}

/** Removes all that an incarnation has left behind. */
export async function reapAll(store: PresenceStore, { incarnation }: Speaker): Promise<number> {
  for (let calls = 1; ; calls++) {
    if (await store.reap(incarnation)) return calls;
    assert(calls < 1_000, "reaping comes to an end");
  }
}

/** Follows a channel, and answers what was told, as text. */
export async function followSteps(store: PresenceStore, channel: string): Promise<string[]> {
  const steps: string[] = [];
  await store.follow(channel, (diff) => steps.push(showDiff(diff)));
  return steps;
}

/** `"2: +a +b away -c ~d online"`: the count, then who joined, left and changed; `"201:"` without lists. */
export function showDiff({ count, moves }: KeptDiff): string {
  if (!moves) return `${count}: not listed`;
  const { joined, left, changed } = moves;
  const words = [
    ...joined.map((user) => `+${showUser(user)}`),
    ...left.map((id) => `-${id}`),
    ...changed.map((user) => `~${showUser(user)}`),
  ];
  return `${count}: ${words.join(" ")}`;
}

/** `"a online {meta}"` */
export function showUser({ userId, state, meta }: KeptUser): string {
  return [userId, state, ...(meta === undefined ? [] : [meta])].join(" ");
}

/** The users of the first page. */
export async function usersOf(store: PresenceStore, channel: string): Promise<string[]> {
  const { users } = await store.page(channel, { limit: 200 });
  return users.map(showUser);
}

/** Where a channel stands. */
export async function versionOf(store: PresenceStore, channel: string): Promise<string> {
  const { version } = await store.page(channel, { limit: 1 });
  return formatCursor(version);
}

/** All pages of a channel. */
export async function allPages(store: PresenceStore, channel: string, limit: number): Promise<KeptPage[]> {
  const pages: KeptPage[] = [];
  let after: string | undefined;
  do {
    const page = await store.page(channel, { limit, after });
    pages.push(page);
    after = page.next;
  } while (after !== undefined);
  return pages;
}
