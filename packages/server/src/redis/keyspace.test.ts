import { expect, test } from "vitest";
import { createKeyspace } from "./keyspace.ts";

const keyspace = createKeyspace({ prefix: "lc", database: 2, realm: "main" });
const NAMES = ["user:42", "a b", "{}", "{a}b", "}{", "a}b{c}", "%7B", "x".repeat(512), "ü:\u{1f600}", "}"];

/** The slot of a key in a cluster: CRC-16 (XMODEM) of its hash tag, of 16,384. */
function slotOf(key: string): number {
  const open = key.indexOf("{");
  const close = key.indexOf("}", open + 1);
  const tag = open >= 0 && close > open + 1 ? key.slice(open + 1, close) : key;
  let crc = 0;
  for (const byte of Buffer.from(tag)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  }
  return crc % 16_384;
}

test("the slot of this test is the one of Redis Cluster", () => {
  expect(slotOf("123456789")).toBe(0x31c3 % 16_384);
  expect(slotOf("{user1000}.following")).toBe(slotOf("user1000"));
});

test("everything that one script of the log touches lies in one slot, whatever the names", () => {
  const { head, log, nodes, acks, mark, tag, channel } = keyspace;
  const named = NAMES.flatMap((name) => [mark(name), tag(name), channel(name)]);
  const slots = new Set([head, log, nodes, acks, ...named].map(slotOf));
  expect(slots.size).toBe(1);
});

test.each(NAMES)("an entry and its lease lie in one slot, also for %j", (name) => {
  expect(slotOf(keyspace.entry(name))).toBe(slotOf(keyspace.lease(name)));
});

test("entries spread over many slots", () => {
  const slots = Array.from({ length: 1_000 }, (_, index) => slotOf(keyspace.entry(`user:${index}`)));
  expect(new Set(slots).size).toBeGreaterThan(900);
});

test("different names never share a key, and no two kinds of keys do", () => {
  const { head, log, nodes, acks } = keyspace;
  const kinds = [keyspace.mark, keyspace.tag, keyspace.channel, keyspace.entry, keyspace.lease];
  const names = [...NAMES, "%7D", "%25", "%", "head", "log", "t:user:42"];
  const keys = [head, log, nodes, acks, ...kinds.flatMap((kind) => names.map((name) => kind(name)))];
  expect(new Set(keys).size).toBe(keys.length);
});

test("another prefix or realm spells every key otherwise; another database every feed", () => {
  const others = [
    { prefix: "other", database: 2, realm: "main" },
    { prefix: "lc", database: 2, realm: "other" },
  ];
  for (const other of others.map(createKeyspace)) {
    expect(other.head).not.toBe(keyspace.head);
    expect(other.tag("t")).not.toBe(keyspace.tag("t"));
    expect(other.entry("k")).not.toBe(keyspace.entry("k"));
    expect(other.feed("c")).not.toBe(keyspace.feed("c"));
  }
  const elsewhere = createKeyspace({ prefix: "lc", database: 3, realm: "main" });
  expect(elsewhere.feed("c")).not.toBe(keyspace.feed("c"));
  expect(elsewhere.head).toBe(keyspace.head);
});
