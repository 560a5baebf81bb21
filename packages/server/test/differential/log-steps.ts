import fc from "fast-check";
import type { StoredEntry } from "../../src/ports/cache-store.ts";
import type { ChangeMode } from "../../src/ports/change-log.ts";
import type { NoteDeed } from "../../src/ports/notification-store.ts";
import { ago, back, few, some, step } from "./steps.ts";
import type { Remembered, Step } from "./steps.ts";
import type { Realm } from "../../src/ports/ground.ts";

const TAGS = ["s", "t", "u"] as const;
const KEYS = ["k", "l"] as const;
const mode = fc.constantFrom<ChangeMode>("purge", "stale");
const HOUR_MS = 3_600_000;
const KEPT = { maxEvents: 2, maxAgeMs: HOUR_MS };

/** The position of so many answers ago, or the log's end when nothing was answered yet. */
async function positionOf(realm: Realm, { positions }: Remembered, steps: number) {
  return ago(positions, steps) ?? realm.changeLog.position();
}

/** An entry field by field: a ground may find them out only when they are asked for. */
function entryOf({ key, id, position, tags, value, ttlMs, ttlLeftMs, keptLeftMs }: StoredEntry) {
  return { key, id, position, tags: [...tags], value, ttlMs, ttlLeftMs, keptLeftMs };
}

/** The next change id of a run: the same on both grounds. */
const nextId = (remembered: Remembered): string => `change${++remembered.made}`.padEnd(16, "x");

const append = step<{ tags: string[]; mode: ChangeMode; channels: string[]; kept: boolean }>(
  "append",
  { tags: some(...TAGS, ...KEYS), mode, channels: some("c", "d"), kept: fc.boolean() },
  async ({ changeLog }, args, remembered) => {
    const events = args.channels.map((channel) => ({
      ...{ channel, name: "told", body: `{"to":"${channel}"}` },
      ...(args.kept ? { kept: KEPT } : {}),
    }));
    const what = { tags: args.tags, mode: args.mode, events };
    const position = await changeLog.append({ changeId: nextId(remembered), origin: "n", ...what });
    remembered.positions.push(position);
    return position;
  },
);

const appendTwice = step<{ tags: string[] }>(
  "append twice",
  { tags: some(...TAGS) },
  async ({ changeLog }, { tags }, remembered) => {
    const { positions } = remembered;
    const retryAfter = await changeLog.position();
    const events = [{ channel: "c", name: "told", body: "{}", kept: KEPT }];
    const change = { changeId: nextId(remembered), origin: "n", tags, mode: "purge" as const, events };
    positions.push(await changeLog.append(change));
    return [positions.at(-1), await changeLog.append({ ...change, retryAfter })];
  },
);

const judge = step<{ claims: { at: number; tags: string[] }[] }>(
  "judge",
  { claims: fc.array(fc.record({ at: back, tags: some(...TAGS) }), { maxLength: 3 }) },
  async (realm, { claims }, remembered) => {
    const asked = await Promise.all(
      claims.map(async ({ at, tags }) => ({ position: await positionOf(realm, remembered, at), tags })),
    );
    return realm.changeLog.judge(asked);
  },
);

const history = step<{ channel: string; after: number; limit: number; maxBytes: number }>(
  "history",
  {
    channel: few("c", "d"),
    after: fc.nat(4),
    limit: fc.integer({ min: 1, max: 3 }),
    // Grounds count what stands beside the bodies, or not.
    maxBytes: fc.constantFrom(1, 100_000),
  },
  async ({ changeLog }, { channel, after, ...bounds }) => {
    const { epoch } = await changeLog.cursor(channel);
    const reply = await changeLog.history(channel, { after: { epoch, offset: after }, ...bounds, ...KEPT });
    // Of several reasons why not all can be told, a ground may name any.
    const isBehind = ["expired", "trimmed", "overflow"].includes(reply.gap ?? "");
    return isBehind ? { ...reply, gap: "not all are there" } : reply;
  },
);

const renewEpoch = step<{}>("renewEpoch", {}, async ({ changeLog }, _, remembered) => {
  const { positions } = remembered;
  const { epoch } = await changeLog.position();
  const renewed = await changeLog.renewEpoch(epoch);
  // Whether the log's end moves with it is nothing that both answer.
  const what = { tags: [], mode: "purge" as const, events: [] };
  positions.push(await changeLog.append({ changeId: nextId(remembered), origin: "n", ...what }));
  return [{ epoch: renewed }, positions.at(-1)];
});

/** Calls of the change log. */
export const LOG_STEPS: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: append },
  appendTwice,
  judge,
  history,
  step<{ channel: string }>("cursor", { channel: few("c", "d") }, ({ changeLog }, { channel }) =>
    changeLog.cursor(channel),
  ),
  { weight: 1, arbitrary: renewEpoch },
);

const begin = step<{ key: string; seen: number | undefined }>(
  "begin",
  { key: few(...KEYS), seen: fc.option(back, { nil: undefined }) },
  async ({ cacheStore }, { key, seen }, { entries, leases, positions }) => {
    const known = seen === undefined ? undefined : ago(entries, seen);
    const reply = await cacheStore.begin({ key, leaseMs: HOUR_MS, seen: known });
    if (reply.state === "valid") return { ...reply, entry: entryOf(reply.entry) };
    if (reply.state !== "granted") return reply;
    leases.push(reply.lease);
    positions.push(reply.position);
    return reply;
  },
);

const commit = step<{ key: string; at: number; lease: number | undefined; tags: string[]; keepMs: number }>(
  "commit",
  {
    ...{ key: few(...KEYS), at: back, tags: some(...TAGS) },
    lease: fc.option(back, { nil: undefined }),
    keepMs: fc.constantFrom(HOUR_MS, 2 * HOUR_MS),
  },
  async (realm, { key, at, lease, tags, keepMs }, remembered) => {
    const reply = await realm.cacheStore.commit({
      ...{ key, tags: [...tags, key], ttlMs: HOUR_MS, keepMs },
      lease: lease === undefined ? undefined : ago(remembered.leases, lease),
      position: await positionOf(realm, remembered, at),
      value: Buffer.from(`value of ${key}`),
    });
    if (reply.state === "stored") remembered.entries.push(reply.id);
    return reply;
  },
);

/** Calls of the cache store, and changes. */
export const CACHE_STEPS: fc.Arbitrary<Step> = fc.oneof(
  append,
  begin,
  { weight: 2, arbitrary: commit },
  step<{ keys: string[] }>("read", { keys: some(...KEYS) }, async ({ cacheStore }, { keys }) => {
    const replies = await cacheStore.read(keys);
    return replies.map((reply) => ("entry" in reply ? { ...reply, entry: entryOf(reply.entry) } : reply));
  }),
  step<{ key: string; lease: number }>(
    "extend",
    { key: few(...KEYS), lease: back },
    ({ cacheStore }, { key, lease }, { leases }) =>
      cacheStore.extend(key, ago(leases, lease) ?? "none", HOUR_MS),
  ),
  step<{ key: string; lease: number }>(
    "abandon",
    { key: few(...KEYS), lease: back },
    ({ cacheStore }, { key, lease }, { leases }) => cacheStore.abandon(key, ago(leases, lease) ?? "none"),
  ),
  step<{ key: string; id: number }>(
    "discard",
    { key: few(...KEYS), id: back },
    ({ cacheStore }, { key, id }, { entries }) => cacheStore.discard(key, ago(entries, id) ?? "none"),
  ),
  step<{ prefix: string }>("keys", { prefix: few("", "k", "x") }, async ({ cacheStore }, { prefix }) => {
    const found: string[] = [];
    let after: string | undefined;
    do {
      const page = await cacheStore.keys({ prefix, after, limit: 10 });
      found.push(...page.keys);
      after = page.next;
    } while (after !== undefined);
    return [...new Set(found)].sort();
  }),
);

const deed: fc.Arbitrary<NoteDeed> = fc.oneof(
  fc.record({ type: fc.constant("add" as const), userId: few("v", "w"), id: few("1", "2", "3", "4") }),
  fc.record({ type: fc.constant("read" as const), userId: few("v", "w"), ids: some("1", "2", "9") }),
  fc.record({ type: fc.constant("read" as const), userId: few("v", "w"), upTo: few("1", "2", "9") }),
);

/** Notifications: what events do to what is kept for users. */
export const NOTE_STEPS: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 2,
    arbitrary: step<{ note: NoteDeed }>(
      "note",
      { note: deed },
      async ({ changeLog }, { note }, remembered) => {
        // An id names one notification, so it is told once.
        const { positions } = remembered;
        const id = note.type === "add" ? { ...note, id: `${note.id}-${positions.length}` } : note;
        const event = { channel: `of ${note.userId}`, name: "told", body: '{"text":"x"}', note: id };
        const what = { tags: [], mode: "purge" as const, events: [event] };
        positions.push(await changeLog.append({ changeId: nextId(remembered), origin: "n", ...what }));
        return positions.at(-1);
      },
    ),
  },
  step<{ userId: string; limit: number }>(
    "page",
    { userId: few("v", "w"), limit: fc.integer({ min: 1, max: 4 }) },
    async ({ notificationStore }, { userId, limit }) => {
      const channel = `of ${userId}`;
      const first = await notificationStore.page(userId, { channel, limit });
      if (first.next === undefined) return [first];
      return [first, await notificationStore.page(userId, { channel, limit, before: first.next })];
    },
  ),
  step<{ userId: string }>("unread", { userId: few("v", "w") }, ({ notificationStore }, { userId }) =>
    notificationStore.unread(userId),
  ),
);
