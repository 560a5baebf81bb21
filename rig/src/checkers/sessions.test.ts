import { expect, test } from "vitest";
import type { Loss } from "./finding.ts";
import { checkSessions } from "./sessions.ts";
import type { SessionRecord } from "./sessions.ts";

type Part = Partial<SessionRecord> & Pick<SessionRecord, "call" | "outcome" | "callMs">;

function record(part: Part): SessionRecord {
  return { id: "s", node: "a", returnMs: part.callMs + 5, ...part };
}

const CREATED = record({ call: "create", outcome: "done", callMs: 0 });
const ENDED = record({ call: "end", outcome: "done", callMs: 100 });
const read = (callMs: number, outcome: SessionRecord["outcome"], node = "b"): SessionRecord =>
  record({ call: "read", outcome, callMs, node });

function findings(records: readonly SessionRecord[], losses: readonly Loss[] = []): string[] {
  return checkSessions({ records, losses }).map(({ text }) => text);
}

test("a session that is answered after it ended is found", () => {
  expect(findings([CREATED, ENDED, read(106, "there")])).toEqual([
    "s on b: answered 1 ms after it was ended",
  ]);
  expect(findings([CREATED, ENDED, read(106, "copy", "a")])).toEqual([
    "s on a: answered 1 ms after it was ended there",
  ]);
  expect(findings([CREATED, ENDED, read(60_106, "copy")])).toEqual([
    "s on b: a copy answered 60001 ms after it was ended",
  ]);
});

test("what was ended here while the ground was away is not answered here", () => {
  const refused = record({ call: "end", outcome: "refused", callMs: 100 });
  expect(findings([CREATED, refused, read(106, "there", "a")])).toHaveLength(1);
  expect(findings([CREATED, refused, read(106, "there", "b")])).toEqual([]);
  // It may have been told meanwhile, and lost with the rest; but not here.
  const lost = [{ fromMs: 150, untilMs: 160 }];
  expect(findings([CREATED, refused, read(206, "there", "a")], lost)).toHaveLength(1);
  expect(findings([CREATED, ENDED, read(206, "there", "b")], lost)).toEqual([]);
});

test("a session that is said to be gone without an end is found, unless data was lost", () => {
  expect(findings([CREATED, read(50, "gone")])).toEqual(["s on b: said to be gone, and nobody had ended it"]);
  expect(findings([CREATED, read(50, "gone")], [{ fromMs: 20, untilMs: 30 }])).toEqual([]);
  expect(findings([CREATED, read(50, "gone")], [{ fromMs: 60, untilMs: 70 }])).toHaveLength(1);
});

test("what is allowed is no finding", () => {
  expect(findings([CREATED, ENDED, read(50, "there"), read(105, "there"), read(200, "gone")])).toEqual([]);
  expect(findings([CREATED, ENDED, read(60_105, "copy"), read(300, "refused")])).toEqual([]);
  expect(findings([CREATED, ENDED, read(98, "gone")])).toEqual([]);
  expect(findings([CREATED, ENDED, read(300, "there")], [{ fromMs: 200, untilMs: 210 }])).toEqual([]);
  const unknown = record({ call: "create", outcome: "unknown", callMs: 0 });
  expect(findings([unknown, read(50, "gone")])).toEqual([]);
});
