import fc from "fast-check";
import { shardOf } from "../../src/base/revocation-shards.ts";
import type { LimitRule } from "../../src/base/limit-rule.ts";
import type { Revocation } from "../../src/ports/revocation-store.ts";
import type { SessionField, SessionPatch } from "../../src/ports/session-store.ts";
import { few, fresh, some, step } from "./steps.ts";
import type { Step } from "./steps.ts";

const HOUR_MS = 3_600_000;
const RULES: readonly LimitRule[] = [
  { algorithm: "sliding-window", limit: 3, windowMs: HOUR_MS, burst: 3, blockMs: 0 },
  { algorithm: "sliding-window", limit: 3, windowMs: HOUR_MS, burst: 3, blockMs: HOUR_MS },
  { algorithm: "gcra", limit: 4, windowMs: HOUR_MS, burst: 2, blockMs: 0 },
];
const limited = {
  subject: few("s", "t"),
  // A name belongs to one rule, as the rooms see to it.
  which: fc.nat(RULES.length - 1),
  carried: fc.constantFrom(0, 0, 1),
};
type Limited = { subject: string; which: number; carried: number };
const inputOf = ({ subject, which, carried }: Limited) => ({
  ...{ name: `limit${which}`, subject, carried, rule: RULES[which]! },
});

/** Limits. */
export const LIMIT_STEPS: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: step<Limited & { cost: number }>(
      "take",
      { ...limited, cost: fc.integer({ min: 1, max: 2 }) },
      ({ limitStore }, { cost, ...args }) => limitStore.take({ ...inputOf(args), cost }),
    ),
  },
  step<Limited>("peek", limited, ({ limitStore }, args) => limitStore.peek({ ...inputOf(args), cost: 1 })),
  step<Limited & { points: number }>(
    "charge",
    { ...limited, points: fc.integer({ min: -2, max: 3 }) },
    ({ limitStore }, { points, ...args }) => limitStore.charge({ ...inputOf(args), points }),
  ),
  step<Limited>("block", limited, ({ limitStore }, args) =>
    limitStore.block({ ...inputOf(args), blockMs: HOUR_MS }),
  ),
  step<Limited>("forget", limited, ({ limitStore }, args) => limitStore.forget(inputOf(args))),
);

const revocation: fc.Arbitrary<Revocation> = fc.record({
  kind: fc.constantFrom("token" as const, "user" as const),
  id: few("a", "b", "c").map((letter) => letter.repeat(22)),
  atMs: fc.integer({ min: 1, max: 3 }).map((hours) => Date.UTC(2100, 0, 1, hours)),
});

/** Revocations. */
export const REVOCATION_STEPS: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 2,
    arbitrary: step<{ revoked: Revocation[]; tags: string[] }>(
      "revoke",
      { revoked: fc.array(revocation, { minLength: 1, maxLength: 3 }), tags: some("t") },
      ({ revocationStore }, args) =>
        revocationStore.revoke({ changeId: fresh().padEnd(16, "x"), origin: "n", ...args }),
    ),
  },
  step<{ one: Revocation }>("shard", { one: revocation }, async ({ revocationStore }, { one }) => {
    const found = await revocationStore.shard(shardOf(one.kind, one.id));
    return found.map(({ kind, id, atMs }) => `${kind} ${id} ${atMs}`).sort();
  }),
  step<{}>("state", {}, async ({ revocationStore }) => {
    const { shards, position } = await revocationStore.state();
    return { position, shards };
  }),
);

const id = few("s1", "s2", "s3");
const owner = fc.constantFrom("u", "v");
const fields: fc.Arbitrary<SessionField[]> = fc.uniqueArray(
  fc.tuple(few("a", "b", "__proto__"), few("1", '{"x":[]}', '""')),
  { maxLength: 2, selector: ([name]) => name },
);
const ending = () => ({ changeId: fresh().padEnd(16, "x"), origin: "n", tags: ["ended"] });

/** Sessions. */
export const SESSION_STEPS: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 2,
    arbitrary: step<{ id: string; fields: SessionField[]; userId: string | undefined; isForeign: boolean }>(
      "create",
      { id, fields, userId: fc.option(owner, { nil: undefined }), isForeign: fc.boolean() },
      ({ sessionStore }, args) => sessionStore.create({ ...args, idleMs: HOUR_MS, absoluteMs: 2 * HOUR_MS }),
    ),
  },
  {
    weight: 2,
    arbitrary: step<Omit<SessionPatch, "idleMs">>(
      "save",
      {
        ...{ id, base: fc.nat(3), set: fields, remove: some("a", "b") },
        mode: fc.constantFrom("merge" as const, "strict" as const, "exact" as const),
        userId: fc.constantFrom("u", "v", null, undefined),
      },
      ({ sessionStore }, args) => {
        // What is set and removed at once is nobody's wish.
        const remove = args.remove.filter((name) => !args.set.some(([set]) => set === name));
        return sessionStore.save({ ...args, remove, idleMs: undefined });
      },
    ),
  },
  step<{ id: string }>("read", { id }, ({ sessionStore }, args) => sessionStore.read(args.id)),
  step<{ id: string; budget: number }>(
    "touch",
    { id, budget: fc.constantFrom(0, 0.9) },
    ({ sessionStore }, args) => sessionStore.touch({ ...args, idleMs: HOUR_MS }),
  ),
  step<{ ids: string[] }>("end", { ids: some("s1", "s2") }, ({ sessionStore }, { ids }) =>
    sessionStore.end(ids, ending()),
  ),
  step<{
    oldId: string;
    newId: string;
    carry: boolean;
    set: SessionField[];
    userId: string | null | undefined;
  }>(
    "rotate",
    {
      ...{ oldId: id, newId: few("s2", "s3", "s4"), carry: fc.boolean(), set: fields },
      userId: fc.constantFrom("u", null, undefined),
    },
    ({ sessionStore }, args) =>
      sessionStore.rotate({
        ...args,
        ...{ remove: [], idleMs: undefined, absoluteMs: undefined, ending: ending() },
      }),
  ),
  step<{ userId: string }>("of", { userId: owner }, async ({ sessionStore }, { userId }) => {
    const found = await sessionStore.of(userId);
    return found.map((record) => record.id).sort();
  }),
  step<{ userId: string; except: string | undefined }>(
    "endAll",
    { userId: owner, except: fc.option(id, { nil: undefined }) },
    ({ sessionStore }, args) => sessionStore.endAll({ ...args, ending: ending() }),
  ),
  step<{}>("page", {}, async ({ sessionStore }) => {
    const { records } = await sessionStore.page(undefined, 100);
    return records.map((record) => record.id).sort();
  }),
  step<{}>("length", {}, ({ sessionStore }) => sessionStore.length()),
);
