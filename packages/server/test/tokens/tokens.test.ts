import { expect, test, onTestFinished } from "vitest";
import { createLive } from "../../src/assembly/create-live.ts";
import type { Live } from "../../src/assembly/create-live.ts";
import { createMemoryGround } from "../../src/memory/ground.ts";
import type { Ground } from "../../src/ports/ground.ts";
import type { Revocation } from "../../src/ports/revocation-store.ts";
import { userName } from "../../src/base/token-digest.ts";
import { GOOD, inAnHour, untilSure } from "./token-site.ts";

function node(ground: Ground = createMemoryGround()): Live {
  const live = createLive({ ground, secret: "s".repeat(32), logger: { warn: () => undefined } });
  onTestFinished(live.close);
  return live;
}

async function pair(): Promise<readonly [Live, Live]> {
  const ground = createMemoryGround();
  const nodes = [node(ground), node(ground)] as const;
  await untilSure(nodes);
  return nodes;
}

test("before a node has read the set it says unknown, of what is revoked and of what is not", async () => {
  const live = node();
  expect(live.tokens.check({ jti: GOOD })).toBe("unknown");
  expect(live.tokens.status().freshMs).toBe(Number.POSITIVE_INFINITY);
  await untilSure([live]);
  expect(live.tokens.status().freshMs).toBeLessThan(30_000);
});

test("a token that was revoked by its jti, or as a whole, is refused on every node at once", async () => {
  const [here, there] = await pair();
  const token = `${"x".repeat(300)}.y.z`;
  const { position } = await here.tokens.revoke("jti-1", inAnHour());
  await here.tokens.revoke(token, new Date(inAnHour()));
  expect(position.seq).toBeGreaterThan(0);
  for (const { tokens } of [here, there]) {
    expect(tokens.check({ jti: "jti-1" })).toBe("revoked");
    expect(tokens.check({ tokenId: "jti-1", sub: "7", iat: 1 })).toBe("revoked");
    expect(tokens.check({ jti: "other", token })).toBe("revoked");
    expect(tokens.check({ tokenId: token })).toBe("revoked");
    expect(tokens.check({ jti: "jti-2", token: `${token}z` })).toBe("valid");
    expect(tokens.status()).toMatchObject({ size: 2, watermarks: 0, pending: 0, refused: 0 });
  }
});

test("a user's tokens are refused up to the watermark, whole seconds included, and later ones are not", async () => {
  const [here, there] = await pair();
  const before = 1_795_000_000_500;
  await here.tokens.revokeUser("7", before);
  const verdicts = (iat: number): string[] => [
    there.tokens.check({ sub: "7", iat }),
    there.tokens.check({ userId: "7", tokenId: "t", issuedAt: iat * 1_000 }),
  ];
  expect(verdicts(1_794_999_999)).toEqual(["revoked", "revoked"]);
  expect(verdicts(1_795_000_000)).toEqual(["revoked", "revoked"]);
  expect(verdicts(1_795_000_001)).toEqual(["valid", "valid"]);
  expect(there.tokens.check({ sub: "7", issuedAt: before })).toBe("revoked");
  expect(there.tokens.check({ sub: "7", issuedAt: before + 1 })).toBe("valid");
  expect(there.tokens.check({ sub: "7" })).toBe("revoked");
  expect(there.tokens.check({ sub: "8", iat: 1 })).toBe("valid");
});

test("an earlier watermark takes nothing back", async () => {
  const [here] = await pair();
  await here.tokens.revokeUser("7", 1_795_000_010_000);
  await here.tokens.revokeUser("7", 1_795_000_000_000);
  expect(here.tokens.check({ sub: "7", iat: 1_795_000_005 })).toBe("revoked");
});

test("everybody's tokens are refused up to now, whoever they belong to", async () => {
  const [here, there] = await pair();
  const nowSeconds = Math.floor(Date.now() / 1_000);
  await here.tokens.revokeAll();
  expect(there.tokens.check({ sub: "7", iat: nowSeconds - 1 })).toBe("revoked");
  expect(there.tokens.check({ iat: nowSeconds - 1 })).toBe("revoked");
  expect(there.tokens.check({ sub: "7", iat: nowSeconds + 60 })).toBe("valid");
});

test("listeners are told of what is new, wherever it was revoked, and one that throws hinders nobody", async () => {
  const [here, there] = await pair();
  const told: Revocation[][] = [[], []];
  there.tokens.onRevoked(() => {
    throw new Error("a fault of the application");
  });
  const stop = there.tokens.onRevoked((revoked) => told[0]!.push(...revoked));
  here.tokens.onRevoked((revoked) => told[1]!.push(...revoked));
  await here.tokens.revokeUser("7", 1_795_000_000_000);
  await here.tokens.revokeUser("7", 1_795_000_000_000);
  const expected = [{ kind: "user", id: userName("7"), atMs: 1_795_000_000_000 }];
  expect(told).toEqual([expected, expected]);
  stop();
  await here.tokens.revoke("a", inAnHour());
  expect(told[0]).toEqual(expected);
});

test("a node that comes later has everything", async () => {
  const ground = createMemoryGround();
  const first = node(ground);
  for (let index = 0; index < 1_000; index++) await first.tokens.revoke(`t${index}`, inAnHour());
  await first.tokens.revokeUser("7");
  const second = node(ground);
  await untilSure([second]);
  expect(second.tokens.status()).toMatchObject({ size: 1_000, watermarks: 1 });
});

test.each([
  [
    () => node().tokens.revoke("", inAnHour()),
    "revoke: tokenOrId: expected a string of 1 to 16384 characters",
  ],
  [() => node().tokens.revoke("x".repeat(16_385), inAnHour()), "received one of 16385 characters"],
  [() => node().tokens.revoke(7 as never, inAnHour()), "received number"],
  [
    () => node().tokens.revoke("a", Math.floor(inAnHour() / 1_000)),
    "this looks like seconds: multiply by 1,000",
  ],
  [() => node().tokens.revoke("a", Number.NaN), "revoke: expiresAt: expected a Date, or milliseconds"],
  [() => node().tokens.revoke("a", new Date("2100-01-02")), "up to the year 2100"],
  [() => node().tokens.revokeUser(""), "revokeUser: userId: expected a string"],
  [() => node().tokens.revokeUser("7", new Date("never")), "revokeUser: before: expected a Date"],
  [() => node().tokens.revokeAll(1), "revokeAll: before: expected a Date"],
])("a wrong value is refused with what was expected: %#", async (call, message) => {
  await expect(call()).rejects.toMatchObject({
    code: "LIVE_INPUT_INVALID",
    message: expect.stringContaining(message),
  });
});

test("no message contains a token", async () => {
  const secret = "eyJ-very-secret-".repeat(1_100);
  const error: Error = (await node()
    .tokens.revoke(secret, inAnHour())
    .catch((reason: Error) => reason)) as Error;
  expect(error.message).not.toContain("secret");
});

test("values at the bounds are taken", async () => {
  const live = node();
  await untilSure([live]);
  await live.tokens.revoke("x".repeat(16_384), new Date("2100-01-01T00:00:00Z"));
  await live.tokens.revoke("y", 100_000_000_000);
  expect(live.tokens.status().size).toBe(2);
});

test("check refuses claims that say nothing, and options that are none", () => {
  const { tokens } = node();
  expect(() => tokens.check({})).toThrow(expect.objectContaining({ code: "LIVE_INPUT_INVALID" }));
  const wrong = { maxstale: "1s" } as never;
  expect(() => tokens.check({ jti: "a" }, wrong)).toThrow(/Did you mean "maxStale"/);
  expect(() => tokens.check({ jti: "a" }, { maxStale: 5 as never })).toThrow(/A bare number has no unit/);
  expect(() => tokens.onRevoked(7 as never)).toThrow(expect.objectContaining({ code: "LIVE_INPUT_INVALID" }));
});

test("a closed instance revokes nothing", async () => {
  const live = node();
  await live.close();
  await expect(live.tokens.revoke("a", inAnHour())).rejects.toMatchObject({ code: "LIVE_CLOSED" });
});
