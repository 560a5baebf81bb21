import fc from "fast-check";
import type { RegionMove } from "../../src/ports/region-store.ts";
import type { PresenceWrite } from "../../src/ports/presence-store.ts";
import { few, some, step } from "./steps.ts";
import type { Step } from "./steps.ts";

const HOUR_MS = 3_600_000;

/** Claims on work. */
export const CLAIM_STEPS: fc.Arbitrary<Step> = fc.oneof(
  step<{ name: string; owner: string }>(
    "claim",
    { name: few("w", "x"), owner: few("a", "b") },
    ({ claimStore }, args) => claimStore.claim({ ...args, holdMs: HOUR_MS }),
  ),
  step<{ name: string; owner: string; result: string }>(
    "settle",
    { name: few("w", "x"), owner: few("a", "b"), result: few("", "ok", '{"a":1}') },
    ({ claimStore }, args) => claimStore.settle({ ...args, keepMs: HOUR_MS }),
  ),
  step<{ name: string; owner: string }>(
    "release",
    { name: few("w", "x"), owner: few("a", "b") },
    ({ claimStore }, { name, owner }) => claimStore.release(name, owner),
  ),
);

const write: fc.Arbitrary<PresenceWrite> = fc.record({
  userId: few("u", "v", "ü"),
  state: fc.constantFrom("online" as const, "away" as const, undefined),
  meta: fc.constantFrom('{"a":1}', undefined),
});
const incarnation = few("i", "j");

/** Who is in which channel. */
export const PRESENCE_STEPS: fc.Arbitrary<Step> = fc.oneof(
  step<{ incarnation: string; begins: boolean }>(
    "renew",
    { incarnation, begins: fc.boolean() },
    async ({ presenceStore }, args) => {
      const { alive, dead } = await presenceStore.renew({ ...args, leaseMs: HOUR_MS });
      return { alive, dead: [...dead].sort() };
    },
  ),
  {
    weight: 3,
    arbitrary: step<{ incarnation: string; channel: string; users: PresenceWrite[] }>(
      "write",
      {
        ...{ incarnation, channel: few("c", "d") },
        users: fc.uniqueArray(write, { maxLength: 3, minLength: 1, selector: ({ userId }) => userId }),
      },
      ({ presenceStore }, args) => presenceStore.write(args),
    ),
  },
  step<{ channel: string; limit: number; asTold: boolean }>(
    "page",
    { channel: few("c", "d"), limit: fc.integer({ min: 1, max: 3 }), asTold: fc.boolean() },
    async ({ presenceStore }, { channel, limit, asTold }) => {
      const { version, ...page } = await presenceStore.page(channel, { limit, asTold });
      return { ...page, offset: version.offset };
    },
  ),
  step<{ channel: string }>("count", { channel: few("c", "d") }, ({ presenceStore }, { channel }) =>
    presenceStore.count(channel),
  ),
  step<{ channel: string; userId: string }>(
    "isPresent",
    { channel: few("c", "d"), userId: few("u", "v", "ü") },
    ({ presenceStore }, { channel, userId }) => presenceStore.isPresent(channel, userId),
  ),
  step<{ incarnation: string }>("reap", { incarnation }, ({ presenceStore }, args) =>
    presenceStore.reap(args.incarnation),
  ),
  step<{ incarnation: string }>("keep", { incarnation }, ({ presenceStore }, args) =>
    presenceStore.keep(args.incarnation, ["c", "d"]),
  ),
);

const CELLS = ["u09t", "u09v", "gcpv"] as const;
const node = few("m", "n");

/** Who is in which cell. */
export const REGION_STEPS: fc.Arbitrary<Step> = fc.oneof(
  step<{ node: string; begins: boolean }>(
    "renew",
    { node, begins: fc.boolean() },
    async ({ regionStore }, args) => {
      const { kept } = await regionStore.renew({ ...args, leaseMs: HOUR_MS });
      return kept;
    },
  ),
  {
    weight: 4,
    arbitrary: step<Pick<RegionMove, "to" | "sequence" | "userId"> & RegionMove["member"]>(
      "move",
      {
        ...{ node, connection: few("1", "2"), sequence: fc.integer({ min: 1, max: 9 }) },
        to: fc.constantFrom(...CELLS, undefined),
        userId: fc.constantFrom("u", undefined),
      },
      ({ regionStore }, { connection, node: life, ...move }) =>
        // The store knows where the member is; a wrong belief of the mover counts only when that was lost.
        regionStore.move({
          member: { node: life, connection: `${life}${connection}` },
          from: undefined,
          ...move,
        }),
    ),
  },
  // How long those who were left behind are counted is nothing that both answer: they are removed at once.
  step<{ node: string }>("retire", { node }, async ({ regionStore }, args) => {
    await regionStore.retire(args.node);
    while ((await regionStore.reap(args.node)) === "left");
  }),
  step<{ node: string }>("reap", { node }, ({ regionStore }, args) => regionStore.reap(args.node)),
  step<{ cells: string[] }>("members", { cells: some(...CELLS) }, async ({ regionStore }, { cells }) => {
    const found = await regionStore.members(cells, 100);
    return found.map(({ cell, members, truncated }) => {
      const names = members.map((member) => JSON.stringify(member, ["node", "connection", "userId"]));
      return [cell, names.sort(), truncated];
    });
  }),
  step<{ prefixes: string[] }>("count", { prefixes: some("", "u", "u09", "g") }, ({ regionStore }, args) =>
    regionStore.count(args.prefixes),
  ),
  step<{ prefixes: string[] }>("counts", { prefixes: some("", "u", "u09", "g") }, ({ regionStore }, args) =>
    regionStore.counts(args.prefixes),
  ),
  step<{ connection: string }>("find", { connection: few("m1", "n1", "n2") }, ({ regionStore }, args) =>
    regionStore.find(args.connection),
  ),
);

const socketId = few("1", "2");
const userId = fc.constantFrom("u", "v", null);

/** Records of sockets. */
export const SOCKET_STEPS: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 2,
    arbitrary: step<{ socketId: string; userId: string | null; second: number }>(
      "put",
      { socketId, userId, second: fc.integer({ min: 0, max: 9 }) },
      ({ socketStore }, { second, ...who }) =>
        socketStore.put([
          {
            ...who,
            ...{ currentRegionId: null, lastLocation: { latitude: 1.5, longitude: -2 }, userAgent: "x" },
            connectedAt: `2026-01-01T00:00:0${second}.000Z`,
            lastActivityAt: "2026-01-01T00:01:00.000Z",
          },
        ]),
    ),
  },
  step<{ socketId: string; userId: string | null }>("remove", { socketId, userId }, ({ socketStore }, args) =>
    socketStore.remove([args]),
  ),
  step<{ socketId: string }>("beat", { socketId }, ({ socketStore }, args) =>
    socketStore.beat([{ ...args, at: "2026-01-01T00:02:00.000Z" }]),
  ),
  step<{ socketId: string }>("get", { socketId }, ({ socketStore }, args) => socketStore.get(args.socketId)),
  step<{ socketId: string }>("heartbeat", { socketId }, ({ socketStore }, args) =>
    socketStore.heartbeat(args.socketId),
  ),
  step<{ userId: string }>("of", { userId: few("u", "v") }, ({ socketStore }, args) =>
    socketStore.of(args.userId),
  ),
);
