import { expect, test } from "vitest";
import type { SessionRecord } from "../ports/session-store.ts";
import { createCopies } from "./copies.ts";

const HOUR_MS = 3_600_000;
const MOST_BYTES = 16 * 1024 * 1024;

function openCopies() {
  const time = { ms: 1_000 };
  return { time, copies: createCopies({ now: () => time.ms }) };
}

function recordOf(id: string, json = "1"): SessionRecord {
  const times = { createdAtMs: 0, seenAtMs: 0, idleMs: HOUR_MS, expiresAtMs: HOUR_MS, leftMs: HOUR_MS };
  const rest = { userId: "ana", version: 1, endsAtMs: undefined, isReplaced: false };
  return { id, fields: [["a", json]], ...times, ...rest };
}

test.each([
  [59_999, true],
  [60_000, true],
  [60_001, false],
])("a copy that is %i ms old is answered: %s", (ageMs, isAnswered) => {
  const { time, copies } = openCopies();
  copies.keep(recordOf("s"), time.ms);
  time.ms += ageMs;
  expect(copies.find("s") !== undefined).toBe(isAnswered);
  expect(copies.spares("s", HOUR_MS, 0.9) !== undefined).toBe(isAnswered);
});

test("copies take at most 16 MiB; then those go that were used longest ago", () => {
  const { time, copies } = openCopies();
  const json = JSON.stringify("x".repeat(60_000));
  let kept = 0;
  for (; copies.size().count === kept; kept++) copies.keep(recordOf(`s${kept}`, json), time.ms);
  const { count, bytes } = copies.size();
  expect(count).toBe(kept - 1);
  expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
  expect(bytes + bytes / count).toBeGreaterThan(MOST_BYTES);
  expect([copies.find("s0"), copies.find("s1")]).toMatchObject([undefined, { id: "s1" }]);
  copies.keep(recordOf("much too large", "x".repeat(MOST_BYTES)), time.ms);
  expect(copies.find("much too large")).toBeUndefined();
});
