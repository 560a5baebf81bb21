import { expect, test } from "vitest";
import { findStale, mayLag } from "./history.ts";
import type { ReadRecord, WriteRecord } from "./history.ts";

const LEASE_MS = 1_000;

/** Version 2 of row `r`, told by node `a` at 100 ms. */
function write(part: Partial<WriteRecord> = {}): WriteRecord {
  return { row: "r", version: 2, node: "a", toldAtMs: 100, applied: false, ...part };
}

/** A read of version 1 on node `b`, answered by the ground, that began at 101 ms. */
function read(part: Partial<ReadRecord> = {}): ReadRecord {
  return { node: "b", beganAtMs: 101, versions: { r: 1 }, mayLag: false, ...part };
}

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
    seen: read({ mayLag: true, beganAtMs: 0, after: { row: "r", version: 2 } }),
  },
  {
    what: "an answer older than a write before the one that the reader came after",
    rule: "after",
    written: write(),
    seen: read({ mayLag: true, beganAtMs: 0, after: { row: "r", version: 3 } }),
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
    read({ mayLag: true, beganAtMs: 0, after: { row: "r", version: 1 } }),
  ],
  [
    "a read after a version of another row",
    write(),
    read({ mayLag: true, beganAtMs: 0, after: { row: "other", version: 9 } }),
  ],
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
  expect(found.map((one) => [reads.indexOf(one.read), one.write.row])).toEqual([
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
