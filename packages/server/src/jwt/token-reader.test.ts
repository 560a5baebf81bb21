import { createHmac, generateKeyPairSync } from "node:crypto";
import { SignJWT, UnsecuredJWT, exportJWK } from "jose";
import { beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../base/clock.ts";
import type { IdentifyRequest } from "../base/identity.ts";
import { createTokenReader } from "./jwt.ts";
import type { TokenReaderOptions } from "./jwt.ts";

const SECRET = "an old and random secret: 8Zq2m!x";
const OTHER = "another secret, as random: 4Kd9w?y";
const rsa = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const pem = rsa.publicKey.export({ type: "spki", format: "pem" }) as string;

let wallMs = 0;
const clock = { ...systemClock, wall: () => wallMs };
beforeEach(() => {
  wallMs = 1_800_000_000_000;
});

const nowSeconds = (): number => Math.floor(clock.wall() / 1_000);

interface Making {
  readonly claims?: Record<string, unknown>;
  readonly header?: Record<string, unknown>;
  readonly key?: string | Parameters<SignJWT["sign"]>[0];
  readonly alg?: string;
}

function sign({ claims, header, key = SECRET, alg = "HS256" }: Making = {}): Promise<string> {
  const all = { sub: "u", exp: nowSeconds() + 600, iat: nowSeconds(), ...claims };
  return new SignJWT(all)
    .setProtectedHeader({ alg, ...header })
    .sign(typeof key === "string" ? Buffer.from(key) : key);
}

const reader = (options: Partial<TokenReaderOptions> = { secret: SECRET }) =>
  createTokenReader({ clock, ...options });

const bearer = (token: string): IdentifyRequest => ({
  headers: { authorization: `Bearer ${token}` },
  url: "/",
  native: 0,
});

/** Why a token is refused: its `details.reason`, or the code. */
async function refusal(token: string, options?: Partial<TokenReaderOptions>): Promise<unknown> {
  const error = await Promise.resolve()
    .then(() => reader(options).read(bearer(token)))
    .catch((thrown: unknown) => thrown);
  const { code, details, message } = error as {
    code: string;
    details: Record<string, unknown>;
    message: string;
  };
  expect(message).not.toContain(token);
  return details["reason"] ?? code;
}

test("a token gives the fields of an identity, and everything else that it says", async () => {
  const token = await sign({ claims: { jti: "t-1", role: "teacher" } });
  const found = await reader().read(bearer(token));
  expect(found?.identity).toEqual({
    userId: "u",
    tokenId: "t-1",
    issuedAt: nowSeconds() * 1_000,
    expiresAt: (nowSeconds() + 600) * 1_000,
  });
  expect(found?.claims["role"]).toBe("teacher");
});

test("a token without jti is known by itself, and one without iat says nothing of when", async () => {
  const token = await sign({ claims: { iat: undefined } });
  const found = await reader().read(bearer(token));
  expect(found?.identity).toEqual({ userId: "u", tokenId: token, expiresAt: (nowSeconds() + 600) * 1_000 });
});

describe("where a token is looked for", () => {
  test("a socket's auth comes before its headers, with and without the scheme", async () => {
    const [mine, other] = [await sign({ claims: { sub: "mine" } }), await sign({ claims: { sub: "other" } })];
    for (const token of [mine, `Bearer ${mine}`]) {
      const found = await reader().read({ ...bearer(other), auth: { token } });
      expect(found?.identity.userId).toBe("mine");
    }
  });

  test("nobody presents a token: no header, another scheme, an empty auth", () => {
    const nobody = [{}, { authorization: "Basic dTpw" }].map((headers) =>
      reader().read({ headers, url: "/?token=page-2&q=1", native: 0, auth: { token: "" } }),
    );
    expect(nobody).toEqual([undefined, undefined]);
  });

  test("a token in the address is refused, whatever the header says", async () => {
    const token = await sign();
    for (const name of ["access_token", "token", "Access_Token"]) {
      const ask = () => reader().read({ ...bearer(token), url: `/report?a=1&${name}=${token}` });
      expect(ask).toThrow(/Authorization: Bearer/);
    }
  });

  test.each([["Bearer"], ["Bearer a b"], [["Bearer a", "Bearer b"]], [`Bearer ${"a".repeat(16_385)}`]])(
    "a header that cannot be read is refused %#",
    (authorization) => {
      expect(() => reader().read({ headers: { authorization }, url: "/", native: 0 })).toThrow(
        expect.objectContaining({ code: "LIVE_BEARER_REFUSED" }) as Error,
      );
    },
  );

  test("an auth.token that is no text is refused", () => {
    expect(() => reader().read({ headers: {}, url: "/", native: 0, auth: { token: { $ne: 1 } } })).toThrow(
      expect.objectContaining({ code: "LIVE_BEARER_REFUSED" }) as Error,
    );
  });
});

describe("what is refused", () => {
  test("the algorithm none, in any spelling", async () => {
    const unsecured = new UnsecuredJWT({ sub: "u", exp: nowSeconds() + 600 }).encode();
    expect(await refusal(unsecured)).toBe("algorithm");
    const [, body] = unsecured.split(".");
    for (const alg of ["None", "NONE", "nOnE"]) {
      const head = Buffer.from(JSON.stringify({ alg })).toString("base64url");
      expect(await refusal(`${head}.${body}.`)).toBe("algorithm");
    }
  });

  test("a public key used as a secret: algorithm confusion", async () => {
    const head = Buffer.from('{"alg":"HS256"}').toString("base64url");
    const body = Buffer.from(JSON.stringify({ sub: "admin", exp: nowSeconds() + 600 })).toString("base64url");
    const mac = createHmac("sha256", pem).update(`${head}.${body}`).digest("base64url");
    expect(await refusal(`${head}.${body}.${mac}`, { publicKey: pem, algorithms: ["RS256"] })).toBe(
      "algorithm",
    );
  });

  test("a token that was forged, or changed by one bit", async () => {
    expect(await refusal(await sign({ key: OTHER }))).toBe("signature");
    const [head, , mac] = (await sign()).split(".");
    const body = Buffer.from(JSON.stringify({ sub: "admin", exp: nowSeconds() + 600 })).toString("base64url");
    expect(await refusal(`${head}.${body}.${mac}`)).toBe("signature");
  });

  test("a header that wants its own key: kid, jwk, jku and x5u change nothing", async () => {
    const mine = generateKeyPairSync("rsa", { modulusLength: 2_048 });
    const jwk = await exportJWK(mine.publicKey);
    const headers = [
      { kid: "../../../../dev/null" },
      { kid: "' UNION SELECT 'x" },
      { jwk, kid: "mine" },
      { jku: "http://127.0.0.1:1/keys" },
      { x5u: "http://127.0.0.1:1/cert" },
    ];
    for (const header of headers) {
      const token = await sign({ header, key: mine.privateKey, alg: "RS256" });
      expect(await refusal(token, { publicKey: pem, algorithms: ["RS256"] })).toBe("signature");
    }
    const emptyKey = await sign({ header: { kid: "/dev/null" }, key: "\0" });
    expect(await refusal(emptyKey)).toBe("signature");
  });

  test.each([
    ["no exp", { exp: undefined }, "claims"],
    ["an exp that is no number", { exp: "tomorrow" }, "malformed or claims"],
    ["no sub", { sub: undefined }, "claims"],
    ["an empty sub", { sub: "" }, "claims"],
    ["a jti that is no text", { jti: 7 }, "claims or malformed"],
    ["not valid yet", { nbf: 4_102_444_800 }, "early"],
    ["another issuer", { iss: "https://evil.example" }, "claims"],
    ["another audience", { aud: "shop" }, "claims"],
    ["no audience", { aud: undefined }, "claims"],
  ])("%s", async (_, claims, wanted) => {
    const token = await sign({ claims: { iss: "https://issuer.example", aud: ["school"], ...claims } });
    const found = await refusal(token, {
      secret: SECRET,
      issuer: "https://issuer.example",
      audience: "school",
    });
    expect(wanted).toContain(found);
  });

  test("what is no token at all, and is not remembered as one", async () => {
    for (const text of ["x", "a.b.c", "..", "a.b", `${await sign()}.more`]) {
      expect(await refusal(text)).toMatch(/^(malformed|algorithm)$/);
    }
  });
});

describe("time", () => {
  test("a token ends at its exp, also one that was verified before, and a tolerance is added to it", async () => {
    const token = await sign({ claims: { exp: nowSeconds() + 10 } });
    const strict = reader();
    const mild = reader({ secret: SECRET, clockTolerance: "5s" });
    expect([
      (await strict.read(bearer(token)))?.identity.userId,
      (await mild.read(bearer(token)))?.identity.userId,
    ]).toEqual(["u", "u"]);
    wallMs += 10_000;
    await expect(strict.read(bearer(token))).rejects.toMatchObject({ code: "LIVE_IDENTITY_EXPIRED" });
    expect((await mild.read(bearer(token)))?.identity.userId).toBe("u");
    wallMs += 5_000;
    await expect(mild.read(bearer(token))).rejects.toMatchObject({ code: "LIVE_IDENTITY_EXPIRED" });
  });

  test("a verified token is answered at once for a minute, and verified again after it", async () => {
    const tokens = reader();
    const token = await sign();
    const first = tokens.read(bearer(token));
    expect(first).toBeInstanceOf(Promise);
    const verified = await first;
    wallMs += 59_999;
    expect(tokens.read(bearer(token))).toBe(verified);
    wallMs += 1;
    expect(tokens.read(bearer(token))).toBeInstanceOf(Promise);
  });
});

test("secrets and keys rotate: all of the list are accepted, and nothing else", async () => {
  const both = reader({ secret: [OTHER, SECRET] });
  expect((await both.read(bearer(await sign())))?.identity.userId).toBe("u");
  expect((await both.read(bearer(await sign({ key: OTHER }))))?.identity.userId).toBe("u");
  expect(await refusal(await sign(), { secret: [OTHER] })).toBe("signature");
  const next = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const keys: Partial<TokenReaderOptions> = {
    publicKey: [pem, next.publicKey.export({ format: "jwk" })],
    algorithms: ["RS256", "ES256"],
  };
  for (const [alg, key] of [
    ["RS256", rsa.privateKey],
    ["ES256", next.privateKey],
  ] as const) {
    expect((await reader(keys).read(bearer(await sign({ alg, key }))))?.identity.userId).toBe("u");
  }
});

test("a key set verifies by kid, and a kid that is not in it is refused", async () => {
  const jwk = { ...(await exportJWK(rsa.publicKey)), kid: "k1", alg: "RS256" };
  const options: Partial<TokenReaderOptions> = { jwks: { keys: [jwk] }, algorithms: ["RS256"] };
  const signed = (kid: string): Promise<string> =>
    sign({ header: { kid }, alg: "RS256", key: rsa.privateKey });
  expect((await reader(options).read(bearer(await signed("k1"))))?.identity.userId).toBe("u");
  expect(await refusal(await signed("../k1"), options)).toBe("key");
});

describe("options", () => {
  const small = generateKeyPairSync("rsa", { modulusLength: 1_024 });
  const privatePem = rsa.privateKey.export({ type: "pkcs8", format: "pem" }) as string;
  test.each<[string, TokenReaderOptions, RegExp]>([
    ["nothing", {}, /exactly one of/],
    ["two", { secret: SECRET, publicKey: pem }, /exactly one of .* received "secret, publicKey"/],
    ["a secret of 31 bytes", { secret: "s3cr3t-of-thirty-one-characters" }, /at least 32 bytes.*31 bytes/],
    ["a secret too short for HS512", { secret: SECRET, algorithms: ["HS512"] }, /at least 64 bytes/],
    ["a secret of one letter", { secret: "s".repeat(64) }, /random bytes/],
    ["none", { secret: SECRET, algorithms: ["none" as "HS256"] }, /a list of HS256/],
    ["a secret with RS256", { secret: SECRET, algorithms: ["RS256"] }, /a list of HS256/],
    ["a key with HS256", { publicKey: pem, algorithms: ["HS256"] }, /a list of RS256/],
    ["a key without algorithms", { publicKey: pem }, /a list of RS256/],
    ["a private key", { publicKey: privatePem, algorithms: ["RS256"] }, /a public key/],
    ["a short RSA key", { publicKey: small.publicKey, algorithms: ["RS256"] }, /at least 2048 bits.*1024/],
    [
      "a key set of secrets",
      { jwks: { keys: [{ kty: "oct", k: "AAAA" }] }, algorithms: ["RS256"] },
      /public keys/,
    ],
    ["an address that is not https", { jwksUrl: "http://keys.example/x", algorithms: ["RS256"] }, /https/],
    [
      "an address with a password",
      { jwksUrl: "https://u:pass-word@k.example", algorithms: ["RS256"] },
      /https/,
    ],
    ["no keys", { publicKey: [], algorithms: ["RS256"] }, /1 to 10/],
    ["too much tolerance", { secret: SECRET, clockTolerance: "6m" }, /at most 5 minutes/],
    ["an empty audience", { secret: SECRET, audience: [] }, /a text, or a list/],
    ["a misspelt option", { secret: SECRET, audiance: "x" } as TokenReaderOptions, /audience/],
  ])("%s is refused, and nothing secret is in the message", (_, options, message) => {
    let said = "";
    try {
      createTokenReader(options);
    } catch (error) {
      said = (error as Error).message;
    }
    expect(said).toMatch(message);
    expect(said).not.toMatch(/s3cr3t|8Zq2m|pass-word|BEGIN PRIVATE/);
  });

  test("bounds: a secret of 32 bytes, ten keys and five minutes are fine", () => {
    const secret = Array.from({ length: 10 }, (_, index) => `0123456789abcdef0123456789abcde${index}`);
    expect(() => createTokenReader({ secret, clockTolerance: "5m" })).not.toThrow();
    expect(() => createTokenReader({ secret: [...secret, SECRET] })).toThrow(/1 to 10/);
  });
});
