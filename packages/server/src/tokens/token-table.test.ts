import { seededRandom } from "@livecache/rig";
import { expect, test } from "vitest";
import { TOKEN_SHARDS, termOf } from "../base/revocation-shards.ts";
import { digestOf, tokenName } from "../base/token-digest.ts";
import type { TokenDigest } from "../base/token-digest.ts";
import { TokenTable } from "./token-table.ts";

function sweepAll(table: TokenTable, upToSeconds: number): void {
  for (let shard = 0; shard < TOKEN_SHARDS; shard++) table.sweep(shard, upToSeconds);
}

/** What a map would hold after the sweep. */
function sweepModel(model: Map<string, number>, upToSeconds: number): void {
  for (const [name, at] of model) if (at <= upToSeconds) model.delete(name);
}

test("a table holds what a map holds, over adding, adding again later, and sweeping", () => {
  const random = seededRandom(7);
  const table = new TokenTable();
  const model = new Map<string, number>();
  const sizes: [number, number][] = [];
  for (let step = 0; step < 30_000; step++) {
    const name = `t${random.integer(8_000)}`;
    const expiresAt = 1 + random.integer(10_000);
    const isNews = (model.get(name) ?? 0) < expiresAt;
    expect(table.add(digestOf(name), expiresAt)).toBe(isNews);
    if (isNews) model.set(name, expiresAt);
    if (step % 5_000 !== 4_999) continue;
    sweepAll(table, step / 10);
    sweepModel(model, step / 10);
    sizes.push([table.size, model.size]);
  }
  for (const [size, right] of sizes) expect(size).toBe(right);
  for (let index = 0; index < 9_000; index++) {
    expect(table.has(digestOf(`t${index}`))).toBe(model.has(`t${index}`));
  }
});

test("digests that differ in any one bit are different, also in one place of the table", () => {
  const table = new TokenTable();
  const base: TokenDigest = { a: 0x01020304, b: 5, c: 6, d: 7 };
  table.add(base, 10);
  for (const word of ["a", "b", "c", "d"] as const) {
    for (let bit = 0; bit < 32; bit++) {
      const other = { ...base, [word]: (base[word] ^ (1 << bit)) >>> 0 };
      expect(table.has(other)).toBe(false);
    }
  }
  expect(table.has(base)).toBe(true);
});

test("a part that is full of one place finds everything, and words of zero are a digest like others", () => {
  const table = new TokenTable();
  const same = Array.from({ length: 500 }, (_, index) => ({ a: 0, b: 0, c: 0, d: index }));
  for (const digest of same) expect(table.add(digest, 1)).toBe(true);
  for (const digest of same) expect(table.has(digest)).toBe(true);
  expect(table.has({ a: 0, b: 0, c: 0, d: 500 })).toBe(false);
  expect(table.size).toBe(500);
});

test("sums and readings are of what expires after a second: at it is not, one later is", () => {
  const table = new TokenTable();
  table.add(digestOf("a"), 100);
  const shard = digestOf("a").a >>> 24;
  expect(table.sumOf(shard, 100)).toEqual({ count: 0, sum: 0 });
  expect(table.read(shard, 100)).toEqual([]);
  expect(table.sumOf(shard, 99)).toEqual({ count: 1, sum: termOf(tokenName("a"), 100_000) });
  expect(table.read(shard, 99)).toEqual([{ kind: "token", id: tokenName("a"), atMs: 100_000 }]);
  table.sweep(shard, 99);
  expect(table.has(digestOf("a"))).toBe(true);
  table.sweep(shard, 100);
  expect([table.has(digestOf("a")), table.size, table.bytes]).toEqual([false, 0, 0]);
});

test("a hundred thousand tokens take less than 80 bytes each, and nothing when they are swept", () => {
  const table = new TokenTable();
  for (let index = 0; index < 100_000; index++) table.add(digestOf(`t${index}`), 100);
  expect(table.bytes / 100_000).toBeLessThan(80);
  sweepAll(table, 100);
  expect([table.size, table.bytes]).toEqual([0, 0]);
});
