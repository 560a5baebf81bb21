import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { readEntryBytes } from "./entry-bytes.ts";

function entry(firstLine: string, tags: string, value: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${firstLine}\n${tags}`), value]);
}

test("an entry reads back with its stamp, expiry, tags and value", () => {
  const value = Uint8Array.from([0, 10, 255, 10]);
  const read = readEntryBytes(
    entry("2 x1 abc.1700000000000000 1700000060000 60000 1700000090000 8", "a\nü:b\nc", value),
  );
  const { id, position, freshUntilMs, ttlMs, keptUntilMs, tags, value: found } = read!;
  expect({ id, position, freshUntilMs, ttlMs, keptUntilMs, tags, value: found }).toEqual({
    id: "x1",
    position: { epoch: "abc", seq: 1_700_000_000_000_000 },
    freshUntilMs: 1_700_000_060_000,
    ttlMs: 60_000,
    keptUntilMs: 1_700_000_090_000,
    tags: ["a", "ü:b", "c"],
    value,
  });
});

test("an entry may have no tags and no value", () => {
  const read = readEntryBytes(entry("2 x abc.1 2 3 4 0", "", new Uint8Array()))!;
  expect([read.tags, read.value]).toEqual([[], new Uint8Array()]);
});

test("the value is a copy: it keeps nothing else alive", () => {
  const bytes = entry("2 x abc.1 2 3 4 0", "", Uint8Array.from([1, 2]));
  const { value } = readEntryBytes(bytes)!;
  expect(value.buffer.byteLength).toBe(2);
  bytes.fill(0);
  expect([...value]).toEqual([1, 2]);
});

test.each([
  "",
  "\n",
  "1",
  "2 x abc.1 2 3 4 0",
  "1 abc.1 2 0\n",
  "2 x ABC.1 2 3 4 0\n",
  "2 x abc 2 3 4 0\n",
  "2 x abc.1 2 3 4\n",
  "2 x abc.1 2 3 4 1\n",
  "2 x abc.1 2 3 4 -1\nx",
  "2 x abc.99999999999999999999 2 3 4 0\n",
  `2 x abc.1 2 3 4 0${" ".repeat(150)}\n`,
  "2 x abc.1 9999999999999999 3 4 0\n",
])("%j is no entry", (text) => {
  expect(readEntryBytes(Buffer.from(text))).toBeUndefined();
});

test("no bytes make it throw: random ones, and an entry with any byte changed or cut off", () => {
  const whole = entry(
    "2 x abc.1700000000000000 1700000060000 60000 1700000060000 3",
    "a\nb",
    Buffer.from("value"),
  );
  for (let round = 0; round < 2_000; round++)
    expect(() => readEntryBytes(randomBytes(round % 80))).not.toThrow();
  for (let at = 0; at < whole.length; at++) {
    expect(() => readEntryBytes(whole.subarray(0, at))).not.toThrow();
    for (const byte of [0, 10, 32, 48, 255]) {
      const changed = Buffer.from(whole);
      changed[at] = byte;
      expect(() => readEntryBytes(changed)).not.toThrow();
    }
  }
});
