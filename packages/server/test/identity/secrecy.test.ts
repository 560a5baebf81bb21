import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { SignJWT, exportJWK } from "jose";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { createLive, createMemoryGround } from "../../src/index.ts";
import { createTokenReader } from "../../src/jwt/jwt.ts";
import { FRAMEWORKS, SECRET, startSchool, tokenFor } from "./identity-site.ts";

afterEach(() => vi.restoreAllMocks());

/** Everything that the process prints. */
function listenToConsole(): string[] {
  const printed: string[] = [];
  for (const name of ["log", "info", "warn", "error", "debug"] as const) {
    vi.spyOn(console, name).mockImplementation((...args: unknown[]) => {
      printed.push(args.map((arg) => inspect(arg, { depth: 9 })).join(" "));
    });
  }
  return printed;
}

test.each(FRAMEWORKS)("%s: no token and no secret is in any log, error or answer", async (framework) => {
  const printed = listenToConsole();
  const ground = createMemoryGround();
  const school = { roles: new Map([["ana", "principal"]]), openGround: async () => ground };
  const node = await startSchool(school, framework, { guard: { roles: ["principal"] } });
  const good = await tokenFor("ana", { jti: undefined });
  const tokens = [
    good,
    await tokenFor("ana", { exp: 1 }),
    await tokenFor("ana", { aud: "shop" }),
    await tokenFor("nobody-known"),
    `${good.slice(0, -8)}AAAAAAAA`,
    `${good}.${good}`,
  ];
  const said: unknown[] = [];
  for (const token of tokens) {
    for (const path of ["/me", "/staff", "/grades", "/home", `/me?access_token=${token}`]) {
      const { body, headers } = await node.ask(path, token);
      said.push(
        body,
        [...headers].filter(([name]) => name !== "live-query"),
      );
    }
    said.push(
      await node.connect(token).then(
        () => "connected",
        (error: unknown) => error,
      ),
    );
    said.push(
      await createTokenReader({ secret: SECRET, audience: "other" })
        .verify(token)
        .catch((error: unknown) => error),
    );
  }
  await node.live.tokens.revoke(good, Date.now() + 600_000);
  said.push(await node.ask("/me", good));
  const everything = [...printed, ...node.logged, ...said.map((one) => inspect(one, { depth: 9 }))].join(
    "\n",
  );
  const leaked = tokens
    .flatMap((token) => token.split(".").slice(1))
    .filter((part) => everything.includes(part));
  expect([leaked, /canary/.exec(everything)]).toEqual([[], null]);
});

test("the ground holds no token and no id of one", async () => {
  const ground = createMemoryGround();
  const live = createLive({ ground, logger: { warn: () => undefined } });
  onTestFinished(live.close);
  const token = await tokenFor("ana");
  const records: unknown[] = [];
  live.tokens.onRevoked((revoked) => records.push(...revoked));
  await live.tokens.revoke(token, Date.now() + 600_000);
  await live.tokens.revoke("jti-canary", Date.now() + 600_000);
  expect(records).toHaveLength(2);
  expect(inspect(records)).not.toMatch(new RegExp(`jti-canary|${token.split(".")[2]}`));
});

test("keys that are fetched: rotated, unknown, and not to be had, which is no 401", async () => {
  const pairs = ["k1", "k2"].map((kid) => ({ kid, ...generateKeyPairSync("ec", { namedCurve: "P-256" }) }));
  let served = [pairs[0]!];
  let isUp = true;
  const server = createServer((_req, res) => {
    if (!isUp) return void res.writeHead(500).end();
    const keys = served.map(async ({ kid, publicKey }) => ({
      ...(await exportJWK(publicKey)),
      kid,
      alg: "ES256",
    }));
    void Promise.all(keys).then((all) => res.end(JSON.stringify({ keys: all })));
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await vi.waitUntil(() => server.listening, 5_000);
  const jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
  const signedBy = ({ kid, privateKey }: (typeof pairs)[number]): Promise<string> =>
    new SignJWT({ sub: "ana", exp: Math.floor(Date.now() / 1_000) + 60 })
      .setProtectedHeader({ alg: "ES256", kid })
      .sign(privateKey);
  const open = () => createTokenReader({ jwksUrl, algorithms: ["ES256"] });
  const reader = open();
  expect((await reader.verify(await signedBy(pairs[0]!))).identity.userId).toBe("ana");
  await expect(reader.verify(await signedBy(pairs[1]!))).rejects.toMatchObject({
    code: "LIVE_BEARER_REFUSED",
    details: { reason: "key" },
  });
  served = pairs;
  expect((await open().verify(await signedBy(pairs[1]!))).identity.userId).toBe("ana");
  isUp = false;
  const late = open();
  const live = createLive({
    identify: async (request) => (await late.read(request))?.identity,
    logger: { warn: () => undefined },
  });
  onTestFinished(live.close);
  const headers = { authorization: `Bearer ${await signedBy(pairs[0]!)}` };
  await expect(live.door.identify({ headers, url: "/", native: 0 })).rejects.toMatchObject({
    code: "LIVE_IDENTITY_FAILED",
    retryable: true,
  });
});
