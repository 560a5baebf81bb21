import { startRedis, until } from "@livecache/rig";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { randomWord } from "../../src/base/ids.ts";
import { openRedis } from "../../src/redis/open.ts";
import { onTestFinished, sideBySide } from "../side-by-side.ts";
import { FRAMEWORKS, startSchool, tokenFor } from "./identity-site.ts";
import type { School } from "./identity-site.ts";
import { revokedCases } from "./guard-cases.ts";
import { roleCases } from "./role-cases.ts";
import { signedInCases, socketCases } from "./socket-cases.ts";

const people = () =>
  new Map([
    ["ana", "principal"],
    ["ben", "teacher"],
  ]);

describe("two nodes over one Redis", () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());

  /** A school whose nodes have a connection each; every test has a prefix of its own. */
  async function open(): Promise<School> {
    const prefix = randomWord(8);
    return { roles: people(), openGround: () => openRedis(redis.url, { prefix, commandTimeout: "2s" }) };
  }

  revokedCases(open);
  socketCases(open);
  signedInCases(open);
  roleCases(open);
});

/** A school with a Redis that the test may break. */
async function openOwn() {
  const redis = await startRedis();
  onTestFinished(redis.close);
  const school: School = { roles: people(), openGround: () => openRedis(redis.url) };
  return { redis, school };
}

test.concurrent.for(FRAMEWORKS)(
  "%s: while Redis is frozen sensitive routes are shut with 503 once it has lasted too long, and all others go on",
  (framework, context) =>
    sideBySide(async () => {
      const { redis, school } = await openOwn();
      const node = await startSchool(school, framework);
      const token = await tokenFor("ana");
      // A node that finds an empty Redis waits for others that may know what it has lost.
      await until(async () => (await node.ask("/grades", token)).status === 200, {
        what: "it is open",
        withinMs: 10_000,
      });
      for (let time = 0; time < 4; time++) expect((await node.ask("/grades", token)).status).toBe(200);
      const seen = new Set<number>();
      redis.freeze();
      const shut = await until(
        async () => {
          const answer = await node.ask("/grades", token);
          seen.add(answer.status);
          return answer.status === 503 ? answer : undefined;
        },
        { what: "it is shut", withinMs: 5_000 },
      );
      expect(shut.body).toMatchObject({ code: "LIVE_REVOCATION_STALE", retryable: true });
      expect(shut.headers.get("retry-after")).toBe("1");
      expect(shut.headers.get("www-authenticate")).toBeNull();
      expect([(await node.ask("/me", token)).status, (await node.ask("/home", token)).status]).toEqual([
        200, 200,
      ]);
      expect((await node.ask("/grades")).status).toBe(401);
      expect([...seen].every((status) => status === 200 || status === 503)).toBe(true);
      redis.thaw();
      await until(async () => (await node.ask("/grades", token)).status === 200, {
        what: "it is open",
        withinMs: 10_000,
      });
    })(context),
);

test.concurrent(
  "what is revoked while Redis is frozen holds here at once, and on the other node when Redis is back",
  sideBySide(async (context) => {
    const { redis, school } = await openOwn();
    const nodes = [await startSchool(school), await startSchool(school)];
    const token = await tokenFor("ana", { jti: "frozen" });
    const [here, there] = [await nodes[0]!.connect(token), await nodes[1]!.connect(token)];
    redis.freeze();
    await context.expect(nodes[0]!.live.tokens.revoke("frozen", Date.now() + 600_000)).rejects.toMatchObject({
      code: "LIVE_REVOCATION_PENDING",
    });
    await until(() => !here.socket.connected, { what: "the own socket is gone", withinMs: 5_000 });
    expect((await nodes[0]!.ask("/me", token)).status).toBe(401);
    expect(there.socket.connected).toBe(true);
    redis.thaw();
    await until(() => !there.socket.connected, { what: "the other one, too", withinMs: 10_000 });
    expect(there.ended).toMatchObject([{ code: "LIVE_IDENTITY_ENDED" }]);
  }),
);

test.concurrent(
  "what was revoked while a node could not hear ends its sockets when it hears again, with a Redis that lost everything",
  sideBySide(async (context) => {
    const { redis, school } = await openOwn();
    const nodes = [await startSchool(school), await startSchool(school)];
    const token = await tokenFor("ana");
    const visitor = await nodes[1]!.connect(token);
    await redis.kill();
    await context.expect(nodes[0]!.live.tokens.revokeUser("ana")).rejects.toMatchObject({
      code: "LIVE_REVOCATION_PENDING",
    });
    await redis.restart();
    await until(() => !visitor.socket.connected, { what: "it is gone", withinMs: 15_000 });
    expect(visitor.ended).toMatchObject([{ code: "LIVE_IDENTITY_ENDED" }]);
  }),
);
