import { expect, test } from "vitest";
import { ONLY_CURRENT, findStale, mayLag } from "./history.ts";
import type { ReadRecord, WriteRecord } from "./history.ts";

const LEASE_MS = 1_000;

/** Version 2 of row `r`, told by node `a` at 100 ms. */
function write(part: Partial<WriteRecord> = {}): WriteRecord {
  return { row: "r", version: 2, node: "a", mode: "purge", toldAtMs: 100, applied: false, ...part };
}

/** A read of version 1 on node `b`, answered by the ground, that began at 101 ms. */
function read(part: Partial<ReadRecord> = {}): ReadRecord {
  return {
    ...{ node: "b", key: "k", beganAtMs: 101, versions: { r: 1 }, mayLag: false, reason: "hit-far" },
    ...{ accepts: ONLY_CURRENT, behindFence: false, ...part },
  };
}

const SOFT = write({ mode: "stale" });
const PATIENT = { fresh: false, swrMs: 500, graceMs: 0, isHasty: false };
const FORGIVING = { fresh: false, swrMs: 0, graceMs: 500, isHasty: true };
/** A read that was answered as stale, and accepts that. */
const staleRead = (part: Partial<ReadRecord> = {}) => read({ reason: "stale", accepts: PATIENT, ...part });
const graceRead = (part: Partial<ReadRecord> = {}) => read({ reason: "grace", accepts: FORGIVING, ...part });
/** Stored at 1,000 ms for 100 ms. */
const STORED = { byMs: 1_000, ttlMs: 100 };
/** A read of what is up to date, when it comes to its age. */
const aged = (part: Partial<ReadRecord>) => read({ versions: { r: 2 }, stored: STORED, ...part });

function rulesBroken(written: WriteRecord, seen: ReadRecord): string[] {
  return findStale([written], [seen], LEASE_MS).map(({ rule }) => rule);
}

const BROKEN: readonly { what: string; rule: string; written: WriteRecord; seen: ReadRecord }[] = [
  {
    what: "an old answer of the ground after the change was told",
    rule: "ground",
    written: write(),
    seen: read(),
  },
  {
    what: "an old answer on the writer's own node, also from its memory",
    rule: "same-node",
    written: write(),
    seen: read({ node: "a", mayLag: true }),
  },
  {
    what: "an old answer on the writer's node after a pending change",
    rule: "same-node",
    written: write({ toldAtMs: undefined, toldHereAtMs: 100 }),
    seen: read({ node: "a", mayLag: true }),
  },
  {
    what: "an old answer from memory after a change that was waited for",
    rule: "applied",
    written: write({ applied: true }),
    seen: read({ mayLag: true }),
  },
  {
    what: "an old answer from memory after the lease",
    rule: "lease",
    written: write(),
    seen: read({ mayLag: true, beganAtMs: 1_101 }),
  },
  {
    what: "an old answer to who came with the position or because of the event, however early",
    rule: "after",
    written: write({ toldAtMs: undefined }),
    seen: read({ mayLag: true, beganAtMs: 0, after: { row: "r", version: 2, fenced: false, mode: "purge" } }),
  },
  {
    what: "an answer older than a write before the one that the reader came after",
    rule: "after",
    written: write(),
    seen: read({ mayLag: true, beganAtMs: 0, after: { row: "r", version: 3, fenced: false, mode: "purge" } }),
  },
  {
    what: "a value from before a soft change, answered as current",
    rule: "ground",
    written: SOFT,
    seen: read({ accepts: PATIENT }),
  },
  {
    what: "a value from before a hard change, answered as stale",
    rule: "ground",
    written: write(),
    seen: staleRead(),
  },
  {
    what: "a value from before a hard change, answered because the load failed",
    rule: "same-node",
    written: write(),
    seen: graceRead({ node: "a" }),
  },
  {
    what: "a value from before a hard change, answered from memory after the lease because the load failed",
    rule: "lease",
    written: write(),
    seen: graceRead({ mayLag: true, beganAtMs: 1_101 }),
  },
  {
    what: "a stale value to a reader whose position is newer than its stamp",
    rule: "ground",
    written: SOFT,
    seen: staleRead({ behindFence: true }),
  },
  {
    what: "a stale value to a reader who came with the position of the soft change",
    rule: "after",
    written: SOFT,
    seen: staleRead({ beganAtMs: 0, after: { row: "r", version: 2, fenced: true, mode: "stale" } }),
  },
  {
    what: "a current value from before a soft change to a reader who heard of it",
    rule: "after",
    written: SOFT,
    seen: read({ beganAtMs: 0, mayLag: true, after: { row: "r", version: 2, fenced: false, mode: "stale" } }),
  },
  {
    what: "a stale value to a reader who heard of a hard change after a soft one",
    rule: "after",
    written: SOFT,
    seen: staleRead({ beganAtMs: 0, after: { row: "r", version: 3, fenced: false, mode: "purge" } }),
  },
  {
    what: "memory to a reader who wants what is true now",
    rule: "ground",
    written: write(),
    seen: read({ mayLag: true, accepts: { ...ONLY_CURRENT, fresh: true } }),
  },
  {
    what: "a stale value to a reader who does not accept that",
    rule: "unasked",
    written: SOFT,
    seen: read({ reason: "stale", accepts: FORGIVING }),
  },
  {
    what: "a stale value to a reader who wants what is true now",
    rule: "unasked",
    written: SOFT,
    seen: staleRead({ accepts: { ...PATIENT, fresh: true } }),
  },
  {
    what: "an old value instead of the load's failure to a reader without grace",
    rule: "unasked",
    written: SOFT,
    seen: graceRead({ accepts: PATIENT }),
  },
  {
    what: "an old value instead of a wait to a reader who has time",
    rule: "unasked",
    written: SOFT,
    seen: graceRead({ reason: "timeout", accepts: { ...FORGIVING, isHasty: false } }),
  },
  {
    what: "a value answered as current past its TTL",
    rule: "age",
    written: write(),
    seen: aged({ accepts: PATIENT, beganAtMs: 1_101 }),
  },
  {
    what: "a stale value older than the reader accepts",
    rule: "age",
    written: write(),
    seen: aged({ reason: "stale", accepts: PATIENT, beganAtMs: 1_601 }),
  },
  {
    what: "a value older than grace",
    rule: "age",
    written: write(),
    seen: aged({ reason: "timeout", accepts: FORGIVING, beganAtMs: 1_601 }),
  },
  {
    what: "a value under a key that was voided",
    rule: "ground",
    written: write({ keys: ["k"] }),
    seen: read(),
  },
];

test.each(BROKEN)("$what is stale ($rule)", ({ rule, written, seen }) => {
  expect(rulesBroken(written, seen)).toEqual([rule]);
});

const ALLOWED: readonly [what: string, WriteRecord, ReadRecord][] = [
  ["the version written", write(), read({ versions: { r: 2 } })],
  ["a later version", write(), read({ versions: { r: 3 } })],
  ["a value that the row is no part of", write(), read({ versions: { other: 0 } })],
  ["a read that began before the change was told", write(), read({ beganAtMs: 99 })],
  ["a read that began in the moment in which the change was told", write(), read({ beganAtMs: 100 })],
  ["another node's memory within the lease", write(), read({ mayLag: true, beganAtMs: 1_100 })],
  ["a read elsewhere after a pending change", write({ toldAtMs: undefined, toldHereAtMs: 100 }), read()],
  ["a read after a write that nobody was told of", write({ toldAtMs: undefined }), read({ node: "a" })],
  [
    "a read after an older version of the row",
    write(),
    read({ mayLag: true, beganAtMs: 0, after: { row: "r", version: 1, fenced: true, mode: "purge" } }),
  ],
  [
    "a read after a version of another row",
    write(),
    read({ mayLag: true, beganAtMs: 0, after: { row: "other", version: 9, fenced: true, mode: "purge" } }),
  ],
  ["a stale value to a reader who accepts it", SOFT, staleRead()],
  ["a stale value on the node of the soft change", SOFT, staleRead({ node: "a", mayLag: true })],
  ["an old value after a soft change when the load fails", SOFT, graceRead()],
  [
    "a stale value to a reader who heard of the soft change and brings no position",
    SOFT,
    staleRead({ after: { row: "r", version: 2, fenced: false, mode: "stale" } }),
  ],
  [
    "a stale value to a reader who heard of a soft change, when a hard one from before it has not returned",
    write({ toldAtMs: undefined }),
    staleRead({ after: { row: "r", version: 3, fenced: false, mode: "stale" } }),
  ],
  [
    "a value from before a hard change on a node that has not heard of it, within the lease",
    write(),
    graceRead({ mayLag: true, beganAtMs: 1_100 }),
  ],
  ["memory of another node after a soft change within the lease", SOFT, read({ mayLag: true })],
  ["a value in the last moment of its TTL", write(), aged({ beganAtMs: 1_100 })],
  [
    "a value as long past its TTL as is accepted",
    write(),
    aged({ reason: "stale", accepts: PATIENT, beganAtMs: 1_600 }),
  ],
  [
    "a value as long past its TTL as grace lasts",
    write(),
    aged({ reason: "grace", accepts: FORGIVING, beganAtMs: 1_600 }),
  ],
  ["a value under another key than the one voided", write({ keys: ["other"] }), read()],
];

test.each(ALLOWED)("%s is not stale", (_what, written, seen) => {
  expect(rulesBroken(written, seen)).toEqual([]);
});

test("every stale read is found, with the write that it missed", () => {
  const writes = [write(), write({ row: "s", version: 1 })];
  const reads = [
    read({ versions: { r: 1, s: 0 } }),
    read({ versions: { r: 2, s: 1 } }),
    read({ versions: { s: 0 } }),
  ];
  const found = findStale(writes, reads, LEASE_MS);
  expect(found.map((one) => [reads.indexOf(one.read), one.write?.row])).toEqual([
    [0, "r"],
    [0, "s"],
    [2, "s"],
  ]);
});

test("what came from memory, or was answered without the ground, may lag; nothing else may", () => {
  expect(mayLag({ source: "near", reason: "fresh" })).toBe(true);
  expect(mayLag({ source: "load", reason: "ground-away" })).toBe(true);
  expect(mayLag({ source: "ground", reason: "fresh" })).toBe(false);
  expect(mayLag({ source: "load", reason: "changed" })).toBe(false);
});
