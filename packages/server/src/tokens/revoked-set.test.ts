import { expect, test } from "vitest";
import { ALL_SHARDS, EXPIRY_MARGIN_MS, USER_KEPT_MS, shardOf } from "../base/revocation-shards.ts";
import { EVERYBODY, tokenName, userName } from "../base/token-digest.ts";
import { RevokedSet } from "./revoked-set.ts";

const NOW_MS = 1_795_000_000_000;

function sweepAll(set: RevokedSet, serverMs: number): void {
  for (let shard = 0; shard < ALL_SHARDS; shard++) set.sweep(shard, serverMs);
}

test("a token is kept until the margin after its end has passed, and is forgotten then", () => {
  const set = new RevokedSet();
  set.take([{ kind: "token", id: tokenName("a"), atMs: NOW_MS }]);
  sweepAll(set, NOW_MS + EXPIRY_MARGIN_MS - 1);
  expect([set.hasToken("a"), set.size]).toEqual([true, 1]);
  sweepAll(set, NOW_MS + EXPIRY_MARGIN_MS);
  expect([set.hasToken("a"), set.size]).toEqual([false, 0]);
});

test("a watermark is kept for 400 days, and is forgotten then", () => {
  const set = new RevokedSet();
  set.take([{ kind: "user", id: userName("7"), atMs: NOW_MS }]);
  sweepAll(set, NOW_MS + USER_KEPT_MS - 1);
  expect([set.watermarkOf("7"), set.watermarks]).toEqual([NOW_MS, 1]);
  sweepAll(set, NOW_MS + USER_KEPT_MS);
  expect([set.watermarkOf("7"), set.watermarks]).toEqual([Number.NEGATIVE_INFINITY, 0]);
});

test("the later of a user's watermark and everybody's counts", () => {
  const set = new RevokedSet();
  set.take([{ kind: "user", id: EVERYBODY, atMs: 5 }]);
  set.take([{ kind: "user", id: userName("7"), atMs: 7 }]);
  expect([set.watermarkOf("7"), set.watermarkOf("8"), set.watermarkOf(undefined)]).toEqual([7, 5, 5]);
});

test("what is spelled wrong is not taken, and a part's version moves only with news", () => {
  const set = new RevokedSet();
  const one = { kind: "token", id: tokenName("a"), atMs: NOW_MS } as const;
  expect(
    set.take([
      { ...one, id: "nothing" },
      { kind: "user", id: "?".repeat(22), atMs: 1 },
    ]),
  ).toEqual([]);
  const shard = shardOf("token", one.id);
  const before = set.versionOf(shard);
  expect(set.take([one, one])).toEqual([one]);
  expect(set.versionOf(shard)).toBe(before + 1);
  expect(set.take([one])).toEqual([]);
  expect(set.versionOf(shard)).toBe(before + 1);
});
