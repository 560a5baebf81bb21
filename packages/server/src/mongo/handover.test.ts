import { expect, test } from "vitest";
import { createManualClock } from "../../test/socketio/manual-clock.ts";
import type { ChangeSink, SourceChange } from "../ports/change-source.ts";
import { createHandover } from "./handover.ts";
import { placeOf } from "./place.ts";
import { createRecent } from "./recent.ts";
import { createRole } from "./role.ts";

test("a quiet source says each minute how far it has come, so that its place is never older than what MongoDB keeps", async () => {
  const clock = createManualClock();
  const taken: SourceChange[] = [];
  const sink = {
    take: async (changes: readonly SourceChange[]) => void taken.push(...changes),
    tell: () => undefined,
  } as unknown as ChangeSink;
  const handover = createHandover({ sink, clock, role: createRole(sink), handed: createRecent() }, "before");
  const token = { _data: "82" };
  clock.advance(59_999);
  await handover.mark(token);
  expect(taken).toEqual([]);
  clock.advance(1);
  await handover.mark(token);
  expect(taken).toMatchObject([{ place: placeOf(token), tags: [], events: [] }]);
  expect(handover.at()).toBe(placeOf(token));
  clock.advance(60_000);
  await handover.mark(token);
  expect(taken).toHaveLength(1);
});

test("places are remembered up to a bound", () => {
  const recent = createRecent();
  expect([recent.isNew("0"), recent.isNew("0"), recent.isNew(undefined)]).toEqual([true, false, true]);
  for (let at = 1; at < 2_000; at++) recent.add(`${at}`);
  expect(recent.has("0")).toBe(true);
  recent.add("2000");
  expect([recent.has("0"), recent.has("1")]).toEqual([false, true]);
});
