import { until } from "@livecache/rig";
import { expect, test } from "vitest";
import type { LiveError } from "@livecache/wire";
import { tokenName } from "../../src/base/token-digest.ts";
import { MAX_REVOKED_TOKENS } from "../../src/ports/revocation-store.ts";
import { refuseUnhandledRejections } from "../redis/redis-site.ts";
import { GOOD, inAnHour, openTokenSite, untilSure } from "./token-site.ts";

refuseUnhandledRejections();

test.concurrent(
  "a revocation that Redis cannot take fails aloud, holds here at once, and is told to the others when Redis is back",
  async (context) => {
    const { redis, join } = await openTokenSite(context);
    const [here, there] = [await join(), await join()];
    await untilSure([here, there]);
    const yesterday = Date.now() - 86_400_000;
    const longAgo = Math.floor(yesterday / 1_000) - 60;
    redis.freeze();
    const beganAt = performance.now();
    const ends = await Promise.allSettled([
      here.tokens.revoke("a", inAnHour()),
      here.tokens.revokeUser("7"),
      here.tokens.revokeAll(yesterday),
    ]);
    expect(performance.now() - beganAt).toBeLessThan(3_000);
    for (const end of ends) {
      expect(end).toMatchObject({
        status: "rejected",
        reason: {
          code: "LIVE_REVOCATION_PENDING",
          retryable: true,
          details: { scope: "local", pending: true },
          cause: { code: expect.stringMatching(/^LIVE_GROUND_/) },
        },
      });
    }
    expect(here.tokens.check({ jti: "a" })).toBe("revoked");
    expect(here.tokens.check({ sub: "7", iat: longAgo + 3_600 })).toBe("revoked");
    expect(here.tokens.status().pending).toBe(3);
    redis.thaw();
    const isTold = (): boolean =>
      there.tokens.check({ jti: "a" }) === "revoked" &&
      there.tokens.check({ sub: "7", iat: longAgo + 3_600 }) === "revoked" &&
      there.tokens.check({ sub: "8", iat: longAgo }) === "revoked";
    await until(isTold, { what: "the other node is told", withinMs: 10_000 });
    await until(() => here.tokens.status().pending === 0, { what: "nothing waits", withinMs: 10_000 });
  },
);

test.concurrent(
  "a revocation whose reply was lost is said to be pending, and stands once",
  async (context) => {
    const { gate, redis, join } = await openTokenSite(context);
    const [here, there] = [await join(), await join()];
    await untilSure([here, there]);
    gate.hangReplies();
    const error: LiveError = await here.tokens.revoke("a", inAnHour()).then(
      () => expect.fail("it resolved without an answer"),
      (reason: LiveError) => reason,
    );
    expect(error.code).toBe("LIVE_REVOCATION_PENDING");
    expect(here.tokens.check({ jti: "a" })).toBe("revoked");
    gate.pass();
    const isTold = (): boolean => there.tokens.check({ jti: "a" }) === "revoked";
    await until(isTold, { what: "the other node is told", withinMs: 10_000 });
    await until(() => here.tokens.status().pending === 0, { what: "nothing waits", withinMs: 10_000 });
    await here.tokens.revoke("a", inAnHour());
    expect(there.tokens.status().size).toBe(1);
    expect(await redis.command("HGET {lc:main}:rl token")).toContain("1");
  },
);

test.concurrent(
  "while Redis is away what is not revoked is valid for maxStale, then unknown; what is revoked stays revoked",
  async (context) => {
    const { redis, join } = await openTokenSite(context);
    const live = await join();
    await untilSure([live]);
    await live.tokens.revoke("a", inAnHour());
    await redis.kill();
    const isStale = (): boolean => live.tokens.check({ jti: GOOD }, { maxStale: "1s" }) === "unknown";
    await until(isStale, { what: "it is not sure any more", withinMs: 5_000 });
    expect(live.tokens.status().freshMs).toBeGreaterThan(1_000);
    expect(live.tokens.check({ jti: GOOD })).toBe("valid");
    expect(live.tokens.check({ jti: "a" }, { maxStale: "1s" })).toBe("revoked");
  },
);

test.concurrent("a Redis that is out of memory takes revocations", async (context) => {
  const { redis, join } = await openTokenSite(context, ["--maxmemory-policy", "noeviction"]);
  const [here, there] = [await join(), await join()];
  await untilSure([here, there]);
  await redis.command("CONFIG SET maxmemory 1");
  expect(await redis.command("SET anything 1")).toContain("OOM");
  await here.tokens.revoke("a", inAnHour());
  const isTold = (): boolean => there.tokens.check({ jti: "a" }) === "revoked";
  await until(isTold, { what: "the other node is told", withinMs: 5_000 });
});

test.concurrent(
  "the most tokens are taken, and one more is refused and counted, by nobody's set",
  async (context) => {
    const { redis, join } = await openTokenSite(context);
    const live = await join();
    await untilSure([live]);
    let attempt = 0;
    // Between two looks of the node, which count again what the ledger says.
    await until(
      async () => {
        attempt++;
        await redis.command(`HSET {lc:main}:rl token ${MAX_REVOKED_TOKENS - 1}`);
        await live.tokens.revoke(`last ${attempt}`, inAnHour());
        const end = await live.tokens
          .revoke(`one more ${attempt}`, inAnHour())
          .catch((error: LiveError) => error);
        return (
          "code" in end && end.code === "LIVE_LIMIT_REACHED" && end.details["size"] === MAX_REVOKED_TOKENS
        );
      },
      { what: "one more is refused", withinMs: 5_000 },
    );
    expect(live.tokens.status().refused).toBeGreaterThan(0);
    expect(live.tokens.check({ jti: `last ${attempt}` })).toBe("revoked");
    expect(live.tokens.check({ jti: `one more ${attempt}` })).toBe("valid");
  },
);

test.concurrent(
  "the key of a token alone lives as long as the token, and has no token in its name",
  async (context) => {
    const { redis, join } = await openTokenSite(context);
    const live = await join();
    const expiresAt = Math.ceil(Date.now() / 1_000) * 1_000 + 60_000;
    await live.tokens.revoke("secret", expiresAt);
    const reply = await redis.command(`PEXPIRETIME {lc:main}:blacklist:${tokenName("secret")}`);
    expect(reply).toContain(String(expiresAt));
  },
);
