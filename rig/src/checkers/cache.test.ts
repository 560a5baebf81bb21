import { expect, test } from "vitest";
import { ONLY_CURRENT, findStale } from "../race/history.ts";
import type { ReadRecord, WriteRecord } from "../race/history.ts";
import { seededRandom } from "../random.ts";
import { checkCache } from "./cache.ts";

const LEASE_MS = 1_000;

function write(part: Partial<WriteRecord> = {}): WriteRecord {
  return { row: "r", version: 2, node: "a", mode: "purge", toldAtMs: 100, applied: false, ...part };
}

function read(part: Partial<ReadRecord> = {}): ReadRecord {
  return {
    ...{ node: "b", key: "k", beganAtMs: 101, versions: { r: 1 }, mayLag: false, reason: "hit-far" },
    ...{ accepts: ONLY_CURRENT, behindFence: false, ...part },
  };
}

function rules(writes: readonly WriteRecord[], reads: readonly ReadRecord[]): string[] {
  return checkCache({ writes, reads, leaseMs: LEASE_MS }).map(({ rule }) => rule);
}

test.each([
  { rule: "ground", written: write(), seen: read() },
  { rule: "same-node", written: write(), seen: read({ node: "a", mayLag: true }) },
  {
    rule: "same-node",
    written: write({ toldAtMs: undefined, toldHereAtMs: 100 }),
    seen: read({ node: "a", mayLag: true }),
  },
  { rule: "applied", written: write({ applied: true }), seen: read({ mayLag: true }) },
  { rule: "lease", written: write(), seen: read({ mayLag: true, beganAtMs: 1_101 }) },
  {
    rule: "after",
    written: write({ toldAtMs: undefined }),
    seen: read({ mayLag: true, after: { row: "r", version: 2, mode: "purge", fenced: false } }),
  },
] as const)("a planted read that breaks the rule $rule is found", ({ rule, written, seen }) => {
  expect(rules([written], [seen])).toEqual([rule]);
});

test("what the rules allow is no finding", () => {
  const reads = [
    read({ beganAtMs: 100 }),
    read({ versions: { r: 2 } }),
    read({ versions: { other: 0 } }),
    read({ mayLag: true, beganAtMs: 1_100 }),
  ];
  expect(rules([write()], reads)).toEqual([]);
  expect(rules([write({ toldAtMs: undefined, toldHereAtMs: 100 })], [read()])).toEqual([]);
});

test("a node that is cut off is not waited for, and may lag by a lease all the same", () => {
  const cutOff = (beganAtMs: number) => read({ reason: "ground-away", mayLag: true, beganAtMs });
  const written = write({ applied: true });
  expect(rules([written], [cutOff(1_100)])).toEqual([]);
  expect(rules([written], [cutOff(1_101)])).toEqual(["applied"]);
});

test("it finds what the judge of races finds, in random histories", () => {
  const random = seededRandom(7);
  let stale = 0;
  for (let round = 0; round < 300; round++) {
    const at = (): number => random.integer(2_000);
    const writes = Array.from({ length: 12 }, (_, index) => {
      const told = random.pick([{ toldAtMs: at() }, { toldHereAtMs: at() }, {}]);
      const node = random.pick(["a", "b"]);
      return write({
        toldAtMs: undefined,
        ...{ row: random.pick(["r", "s"]), version: index + 1, node, applied: random.integer(4) === 0 },
        ...told,
      });
    });
    const reads = Array.from({ length: 12 }, () =>
      read({
        ...{ node: random.pick(["a", "b"]), beganAtMs: at(), mayLag: random.integer(2) === 0 },
        versions: { r: random.integer(12), s: random.integer(12) },
      }),
    );
    const slow = new Set(findStale(writes, reads, LEASE_MS).map((one) => one.read));
    const fast = checkCache({ writes, reads, leaseMs: LEASE_MS }).map((one) => one.read);
    stale += slow.size;
    expect(new Set(fast)).toEqual(slow);
  }
  expect(stale).toBeGreaterThan(100);
});

test("histories that it cannot judge are refused", () => {
  expect(() => rules([write({ mode: "stale" })], [])).toThrow("hard changes");
  expect(() => rules([write({ keys: ["k"] })], [])).toThrow("hard changes");
  expect(() => rules([], [read({ reason: "stale" })])).toThrow('no answer for "stale"');
});
