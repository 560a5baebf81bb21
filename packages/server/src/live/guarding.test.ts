import { expect, test } from "vitest";
import { judgeIdentities } from "./guarding.ts";
import type { GuardOptions } from "./guarding.ts";

interface Person {
  readonly userId: string;
  readonly role?: unknown;
  readonly roles?: unknown;
}

const revocations = { freshMs: 0, status: () => ({ freshMs: revocations.freshMs }) };

/** What a guard says of somebody. */
async function verdict(options: GuardOptions<Person>, identity?: Person): Promise<string> {
  const refused = await judgeIdentities("guard", options, revocations)(identity);
  return refused?.code ?? "let in";
}

const ana = { userId: "ana" };

test("nobody has to sign in; somebody is let in where nothing more is asked", async () => {
  expect([await verdict({}), await verdict({}, ana)]).toEqual(["LIVE_IDENTITY_REQUIRED", "let in"]);
});

test.each([
  [{ role: "principal" }, "let in"],
  [{ roles: ["parent", "principal"] }, "let in"],
  [{ role: "principals" }, "LIVE_ACCESS_REFUSED"],
  [{ roles: [] }, "LIVE_ACCESS_REFUSED"],
  [{ roles: "principal" }, "LIVE_ACCESS_REFUSED"],
  [{ role: ["principal"] }, "LIVE_ACCESS_REFUSED"],
  [{}, "LIVE_ACCESS_REFUSED"],
])("roles %#: %o is %s", async (person, wanted) => {
  expect(await verdict({ roles: ["principal", "nurse"] }, { ...ana, ...person })).toBe(wanted);
});

test.each([
  [() => true, "let in"],
  [async () => true, "let in"],
  [() => false, "LIVE_ACCESS_REFUSED"],
  [async () => false, "LIVE_ACCESS_REFUSED"],
  [() => "yes" as never, "LIVE_ACCESS_REFUSED"],
  [async () => 1 as never, "LIVE_ACCESS_REFUSED"],
  [() => undefined as never, "LIVE_ACCESS_REFUSED"],
])("allow %#: only true lets in", async (allow, wanted) => {
  expect(await verdict({ allow }, ana)).toBe(wanted);
});

test("roles and allow both have to be content", async () => {
  const both = { roles: ["nurse"], allow: ({ userId }: Person) => userId === "ana" };
  expect(await verdict(both, { ...ana, role: "nurse" })).toBe("let in");
  expect(await verdict(both, { userId: "ben", role: "nurse" })).toBe("LIVE_ACCESS_REFUSED");
  expect(await verdict(both, ana)).toBe("LIVE_ACCESS_REFUSED");
});

test("a sensitive guard is shut above maxStale, not at it, and for nobody it is no question", async () => {
  const verdicts: string[] = [];
  for (const freshMs of [29_999, 30_000, 30_001, Number.POSITIVE_INFINITY, Number.NaN]) {
    revocations.freshMs = freshMs;
    verdicts.push(await verdict({ sensitive: true }, ana));
  }
  expect(verdicts).toEqual(["let in", "let in", ...Array(3).fill("LIVE_REVOCATION_STALE")]);
  expect(await verdict({ sensitive: true })).toBe("LIVE_IDENTITY_REQUIRED");
  expect(await verdict({}, ana)).toBe("let in");
  revocations.freshMs = 1_001;
  expect(await verdict({ sensitive: true, maxStale: "1s" }, ana)).toBe("LIVE_REVOCATION_STALE");
});

test.each<[string, object, RegExp]>([
  ["an unknown option", { role: "x" }, /roles/],
  ["a role by itself", { roles: "principal" }, /a list of one or more roles/],
  ["no roles", { roles: [] }, /a list of one or more roles/],
  ["an empty role", { roles: [""] }, /a list of one or more roles/],
  ["allow that is no function", { allow: true }, /a function/],
  ["sensitive that is no boolean", { sensitive: "yes" }, /true or false/],
  ["maxStale alone", { maxStale: "1s" }, /sensitive: true beside it/],
  ["maxStale without a unit", { sensitive: true, maxStale: 30 }, /no unit/],
])("%s is refused", (_, options, message) => {
  expect(() => judgeIdentities("guard", options as GuardOptions<never>, revocations)).toThrow(message);
});
