import fc from "fast-check";
import { expect, test } from "vitest";
import { formatLsn, formatPlace, parseLsn, parsePlace } from "./row-place.ts";

test("an LSN is written as PostgreSQL writes it, and read back", () => {
  expect(formatLsn(0x16_b374d848n)).toBe("16/B374D848");
  expect(formatLsn(0n)).toBe("0/0");
  fc.assert(fc.property(fc.bigInt(0n, 0xffffffffffffffffn), (lsn) => parseLsn(formatLsn(lsn)) === lsn));
});

test("a place is read back as it was written; what is none is none", () => {
  const places = [
    { history: "7375-1", lsn: 0x16_b374d848n },
    { history: "7375-2", lsn: 1n, rows: 0 },
    { history: "7375-2", lsn: 1n, rows: 12_345 },
  ];
  for (const place of places) expect(parsePlace(formatPlace(place))).toEqual({ rows: undefined, ...place });
  for (const text of [undefined, "", "outbox.7", "7-1@", "7-1@0/G", "7-1@0/1+", "x-1@0/1"]) {
    expect(parsePlace(text)).toBeUndefined();
  }
});
