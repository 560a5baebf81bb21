import { expect, test } from "vitest";
import { walkCluster } from "./cluster-walk.ts";
import { keyOf } from "./command-key.ts";
import { createKeyspace } from "./keyspace.ts";
import { SlotTable, readSlots, slotOf } from "./slots.ts";
import type { Send } from "./wire.ts";

const keys = createKeyspace({ prefix: "lc", database: 0, realm: "main" });

test("everything that a realm is judged by has one slot, feeds too; an entry shares one with its lease", () => {
  const ofRealm = [
    keys.head,
    keys.log,
    keys.mark("g"),
    keys.primary,
    keys.tag("t"),
    keys.channel("c"),
    keys.logFeed,
  ];
  expect(new Set([...ofRealm, keys.feed("c"), keys.topic("t"), keys.session("s")].map(slotOf)).size).toBe(1);
  expect(slotOf(keys.entry("k{1}"))).toBe(slotOf(keys.lease("k{1}")));
  const spread = Array.from({ length: 100 }, (_, n) => slotOf(keys.entry(`${n}`)));
  expect(new Set(spread).size).toBeGreaterThan(90);
});

test("a slot is what Redis says it is", () => {
  expect(["k", "{k}1", "a{b}{c}", "{}x", Buffer.from("k")].map(slotOf)).toEqual([
    7629,
    7629,
    slotOf("b"),
    slotOf("{}x"),
    7629,
  ]);
});

test.each([
  [["GET", "k"], "k"],
  [["SPUBLISH", "feed", "message"], "feed"],
  [["EVALSHA", "sha", "2", "a", "b", "argument"], "a"],
  [["EVAL", "return 1", "1", "a"], "a"],
])("%j finds its server by %j", (args, key) => {
  expect(keyOf(args)).toBe(key);
});

test("a command that names no key needs to say whose server is meant", () => {
  expect(keyOf(["TIME"], { at: "k" })).toBe("k");
  for (const args of [["TIME"], ["SCRIPT", "LOAD", "x"], ["SCAN", "0"], ["EVALSHA", "sha", "0"]]) {
    expect(() => keyOf(args)).toThrow("names no key");
  }
});

const A = ["10.0.0.1", 6379, "aaaaaaaaaaaa", []];
const B = ["10.0.0.2", 6379, "bbbbbbbbbbbb", []];
const REPLICA = ["10.0.0.3", 6379, "cccccccccccc", []];
const asked = { host: "asked", port: 1 };

function tableOf(...ranges: readonly unknown[]): SlotTable {
  const table = new SlotTable();
  table.replace(readSlots(ranges, asked), 0);
  return table;
}

test("the primary is the first of a range; slots that nobody has belong to nobody", () => {
  const table = tableOf([0, 5, A, REPLICA], [10, 16_383, B], [7, 7, A]);
  expect([0, 5, 6, 7, 8, 10, 16_383].map((slot) => table.ownerOf(slot))).toEqual([
    ...["10.0.0.1:6379", "10.0.0.1:6379", undefined, "10.0.0.1:6379", undefined],
    ...["10.0.0.2:6379", "10.0.0.2:6379"],
  ]);
  expect(table.isWhole()).toBe(false);
  expect(tableOf([0, 16_383, A]).isWhole()).toBe(true);
  expect([...table.owners()]).toEqual([
    ["10.0.0.1:6379", 0],
    ["10.0.0.2:6379", 10],
  ]);
});

test("a redirection counts for two seconds against what members say", () => {
  const table = tableOf([0, 16_383, A]);
  table.assign(6, "10.0.0.9:1", 1_000);
  expect(table.ownerOf(6)).toBe("10.0.0.9:1");
  table.replace(readSlots([[0, 16_383, B]], asked), 2_999);
  expect([5, 6].map((slot) => table.ownerOf(slot))).toEqual(["10.0.0.2:6379", "10.0.0.9:1"]);
  table.replace(readSlots([[0, 16_383, B]], asked), 3_000);
  expect([...table.owners().keys()]).toEqual(["10.0.0.2:6379"]);
});

test.each([[null], [""], ["?"]])("a server that tells its host as %j is the one that was asked", (host) => {
  expect(readSlots([[0, 1, [host, 7, "id"]]], asked)[0]!.primary).toEqual({ host: "asked", port: 7 });
});

test.each([
  undefined,
  "OK",
  [[0, 1]],
  [[0, 16_384, A]],
  [["0", 1, A]],
  [[-1, 1, A]],
  [[0, 1, ["h", "6379"]]],
])("%j is no answer of a cluster", (reply) => {
  expect(() => readSlots(reply, asked)).toThrow(expect.objectContaining({ code: "LIVE_GROUND_REFUSED" }));
});

const noSend: Send = async () => undefined;

test("a walk goes from the lowest slot to the highest, server by server", () => {
  const table = tableOf([0, 99, A], [100, 16_383, B]);
  const at: number[] = [];
  const step = (from?: string) =>
    walkCluster(table, from, (slot) => {
      at.push(slot);
      return noSend;
    });
  const first = step();
  expect(first.cursor).toBe("0");
  expect(first.after("17")).toBe("0.aaaaaaaa.17");
  expect(step("0.aaaaaaaa.17").cursor).toBe("17");
  const next = first.after("0")!;
  expect(next).toBe("100.bbbbbbbb.0");
  expect(step(next).after("0")).toBeUndefined();
  expect(at).toEqual([0, 0, 100]);
});

test("where another server has taken over, the walk over it begins again; a text that is no token is refused", () => {
  const table = tableOf([0, 99, REPLICA], [100, 16_383, B]);
  expect(walkCluster(table, "0.aaaaaaaa.17", () => noSend).cursor).toBe("0");
  expect(walkCluster(table, "50.cccccccc.17", () => noSend).after("0")).toBe("100.bbbbbbbb.0");
  for (const text of ["", "17", "0.aaaaaaaa.x", "0.aaaaaaaa.17.1"]) {
    expect(() => walkCluster(table, text, () => noSend)).toThrow(
      expect.objectContaining({ code: "LIVE_INPUT_INVALID" }),
    );
  }
});
