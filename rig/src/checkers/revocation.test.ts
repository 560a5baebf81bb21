import { expect, test } from "vitest";
import { checkRevocation } from "./revocation.ts";
import type { RevokeRecord, TokenCheckRecord } from "./revocation.ts";

const BOUND_MS = 2_000;

function revoke(part: Partial<RevokeRecord> = {}): RevokeRecord {
  return { token: "t", node: "a", callMs: 90, returnMs: 100, outcome: "done", ...part };
}

function check(part: Partial<TokenCheckRecord> = {}): TokenCheckRecord {
  const callMs = part.callMs ?? 200;
  return { token: "t", node: "b", callMs, returnMs: callMs + 5, verdict: "valid", ...part };
}

function findings(revokes: readonly RevokeRecord[], checks: readonly TokenCheckRecord[]): string[] {
  return checkRevocation({ revokes, checks, boundMs: BOUND_MS }).map(({ text }) => text);
}

test("an acceptance after the bound is found, and one on the revoking node at once", () => {
  expect(findings([revoke()], [check({ callMs: 2_101 })])).toEqual([
    "t on b: accepted 2001 ms after it was revoked",
  ]);
  expect(findings([revoke()], [check({ node: "a", callMs: 101 })])).toEqual([
    "t on a: accepted 1 ms after it was revoked there",
  ]);
  expect(findings([revoke({ outcome: "pending" })], [check({ node: "a", callMs: 101 })])).toHaveLength(1);
});

test("the first of several revocations counts", () => {
  const revokes = [revoke({ callMs: 4_000, returnMs: 5_000 }), revoke()];
  expect(findings(revokes, [check({ callMs: 2_101 })])).toHaveLength(1);
  expect(findings(revokes, [check({ callMs: 95, verdict: "revoked" })])).toEqual([]);
});

test("a refusal of what nobody revoked is found", () => {
  expect(findings([], [check({ verdict: "revoked" })])).toEqual([
    "t on b: refused, and nobody had revoked it",
  ]);
  expect(findings([revoke()], [check({ callMs: 84, verdict: "revoked" })])).toHaveLength(1);
});

test("what is allowed is no finding", () => {
  const checks = [
    check({ callMs: 2_100 }),
    check({ node: "a", callMs: 100 }),
    check({ callMs: 9_000, verdict: "unknown" }),
    check({ callMs: 95, verdict: "revoked" }),
    check({ token: "other", callMs: 9_000 }),
  ];
  expect(findings([revoke()], checks)).toEqual([]);
  expect(findings([revoke({ outcome: "pending" })], [check({ callMs: 9_000 })])).toEqual([]);
  expect(findings([revoke({ outcome: "unknown" })], [check({ node: "a", callMs: 9_000 })])).toEqual([]);
});

test("what the ground lost while the revoking node could not give it back is no finding, and otherwise it is", () => {
  const late = { revokes: [revoke()], checks: [check({ callMs: 9_000 })], boundMs: BOUND_MS };
  const losses = [{ fromMs: 200, untilMs: 300 }];
  const absences = [{ node: "a", fromMs: 250, untilMs: 4_000 }];
  expect(checkRevocation({ ...late, losses, absences })).toEqual([]);
  expect(checkRevocation({ ...late, losses })).toHaveLength(1);
  expect(checkRevocation({ ...late, absences })).toHaveLength(1);
  expect(checkRevocation({ ...late, losses, absences: [{ ...absences[0]!, node: "b" }] })).toHaveLength(1);
});
