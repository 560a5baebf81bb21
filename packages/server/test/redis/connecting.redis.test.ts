import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { Socket } from "node:net";
import { inspect as show } from "node:util";
import { freePort, makeTestCertificates, redisHasTls, startRedis, until } from "@livecache/rig";
import type { RedisProcess } from "@livecache/rig";
import { describe, expect, onTestFinished, test } from "vitest";
import type { LiveError } from "@livecache/wire";
import { openRedis } from "../../src/redis/open.ts";
import type { RedisAddress } from "../../src/redis/open.ts";
import { refuseUnhandledRejections, stateOf, store, took, untilStatus } from "./redis-site.ts";

refuseUnhandledRejections();

async function start(options: Parameters<typeof startRedis>[0] = {}): Promise<RedisProcess> {
  const redis = await startRedis(options);
  onTestFinished(redis.close);
  return redis;
}

/** How long whoever is only away is waited for. */
const AWAY_MS = 2_000;

/** What opening fails with. It must not take longer than it may, and no word of a password may be in it. */
async function failureOf(address: RedisAddress, withinMs = 5_000): Promise<LiveError> {
  const { answer, tookMs } = await took(() =>
    openRedis(address, { connectTimeout: `${withinMs}ms` }).catch((error: unknown) => error as LiveError),
  );
  if ("kind" in answer) {
    await answer.close();
    throw new Error("it opened");
  }
  expect(tookMs).toBeLessThan(withinMs + 4_000);
  expect(show(answer, { depth: 10, showHidden: true })).not.toContain("s3cret");
  return answer;
}

async function opensWith(address: RedisAddress): Promise<void> {
  const ground = await openRedis(address);
  onTestFinished(ground.close);
  await store(ground.realm("main"));
  expect(await stateOf(ground.realm("main"))).toBe("valid");
}

test("an object opens as a URL does: user, password and number of the database", async () => {
  const redis = await start({ config: ["--user", "live", "on", ">s3cret", "~*", "&*", "+@all"] });
  const address = { host: "127.0.0.1", port: redis.port, username: "live", password: "s3cret", database: 3 };
  await opensWith(address);
  expect(await redis.command("INFO keyspace")).toContain("db3:");
  expect(await failureOf({ ...address, password: "s3cret?" })).toMatchObject({
    code: "LIVE_GROUND_REFUSED",
    message: expect.stringMatching(/WRONGPASS.* Fix: check the user name and the password/),
  });
  expect(await failureOf({ ...address, database: 99 })).toMatchObject({
    code: "LIVE_GROUND_REFUSED",
    message: expect.stringMatching(/DB index is out of range.* Fix: raise `databases`/),
  });
});

test("without the password that is asked for, and without the rights, opening says which", async () => {
  const redis = await start({ password: "s3cret" });
  expect(await failureOf({ host: "127.0.0.1", port: redis.port })).toMatchObject({
    code: "LIVE_GROUND_REFUSED",
    message: expect.stringMatching(/NOAUTH.* Fix: give a password/),
  });
  await redis.call("ACL", "SETUSER", "small", "on", ">s3cret", "~lc:*", "~{lc:*", "+@connection", "+@read");
  expect(await failureOf(`redis://small:s3cret@127.0.0.1:${redis.port}`)).toMatchObject({
    code: "LIVE_GROUND_REFUSED",
    message: expect.stringMatching(
      /NOPERM.* Fix: give this user the rights that docs\/reference\/keys\.md lists/,
    ),
  });
});

/** Takes one of the connections that a server has; whoever asked it before may not have left yet. */
function occupy({ port }: RedisProcess): Promise<Socket> {
  const take = async (): Promise<Socket | undefined> => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => undefined);
    onTestFinished(() => void socket.destroy());
    socket.write("PING\r\n");
    const [reply] = (await once(socket, "data")) as [Buffer];
    return String(reply).startsWith("+PONG") ? socket : undefined;
  };
  return until(take, { what: "there is room", withinMs: 5_000 });
}

test("a server with no room for another client is away, and found when there is room", async () => {
  const redis = await start({ config: ["--maxclients", "2"] });
  const others = [await occupy(redis), await occupy(redis)];
  expect(await failureOf(redis.url, AWAY_MS)).toMatchObject({
    code: "LIVE_GROUND_AWAY",
    retryable: true,
    message: expect.stringMatching(/max number of clients reached.* Fix: raise `maxclients`/),
  });
  const ground = await openRedis(redis.url, { start: "degraded", connectTimeout: "300ms" });
  onTestFinished(ground.close);
  expect(ground.status()).toMatchObject({
    state: "away",
    cause: expect.stringContaining("max number of clients"),
  });
  for (const other of others) other.destroy();
  await untilStatus(ground, "here", 6_000);
});

test("a cluster asked as one server, and one server asked as a cluster, are refused with the other form", async () => {
  const member = await start({ config: ["--cluster-enabled", "yes"] });
  expect(await failureOf(member.url)).toMatchObject({
    code: "LIVE_GROUND_REFUSED",
    message: expect.stringContaining("part of a cluster. Fix: openRedis({ cluster: [{ host, port }] })"),
  });
  const single = await start();
  expect(await failureOf({ cluster: [{ host: "127.0.0.1", port: single.port }] })).toMatchObject({
    code: "LIVE_GROUND_REFUSED",
    message: expect.stringMatching(/is not part of a cluster\. Fix: openRedis\(\{ host, port \}\)/),
  });
});

test("a cluster in which nobody has the slots is away, with the reason", async () => {
  const member = await start({ config: ["--cluster-enabled", "yes"] });
  const error = await failureOf({ cluster: [{ host: "127.0.0.1", port: member.port }] }, AWAY_MS);
  expect(error).toMatchObject({ code: "LIVE_GROUND_AWAY", message: expect.stringContaining("no slot") });
});

test("where nobody listens, Sentinels and clusters are away too; opened degraded, the ground says so and closes", async () => {
  const place = { host: "127.0.0.1", port: await freePort() };
  for (const address of [{ sentinels: [place, place], name: "n" }, { cluster: [place, place] }]) {
    expect(await failureOf(address, AWAY_MS)).toMatchObject({
      code: "LIVE_GROUND_AWAY",
      message: expect.stringMatching(/ECONNREFUSED.* Fix: check host and port/),
    });
    const ground = await openRedis(address, { start: "degraded", connectTimeout: "500ms" });
    onTestFinished(ground.close);
    expect(ground.status()).toMatchObject({ state: "away", cause: expect.stringContaining("ECONNREFUSED") });
    await expect(stateOf(ground.realm("main"))).rejects.toMatchObject({ code: "LIVE_GROUND_AWAY" });
  }
});

test("something that is no Redis, or says nothing, is away, and the message says what to look at", async () => {
  const silent = createServer((socket) => socket.on("error", () => undefined));
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void silent.close());
  const { port } = silent.address() as { port: number };
  expect(await failureOf({ host: "127.0.0.1", port }, AWAY_MS)).toMatchObject({
    code: "LIVE_GROUND_AWAY",
    message: expect.stringMatching(/no answer within.* Fix: check host, port and firewall/),
  });
});

describe.skipIf(!redisHasTls())("with TLS", () => {
  const certificates = makeTestCertificates();

  test("its own CA opens it, by URL only one that the system trusts; without TLS it says so", async () => {
    const redis = await start({ tls: certificates, password: "s3cret" });
    const { port } = redis;
    const address = { host: "localhost", port, password: "s3cret" };
    await opensWith({ ...address, tls: { ca: certificates.ca } });
    await opensWith({ ...address, host: "127.0.0.1", tls: { ca: [Buffer.from(certificates.ca)] } });
    expect(await failureOf(`rediss://:s3cret@localhost:${port}`)).toMatchObject({
      code: "LIVE_GROUND_REFUSED",
      message: expect.stringMatching(
        /certificate.* Fix: give the certificate of whoever signed.*tls: \{ ca \}/,
      ),
    });
    expect(await failureOf({ ...address, tls: { ca: certificates.ca, servername: "other" } })).toMatchObject({
      code: "LIVE_GROUND_REFUSED",
      message: expect.stringMatching(/altnames.* Fix: .*`tls\.servername`/),
    });
    expect(await failureOf(address, AWAY_MS)).toMatchObject({
      code: "LIVE_GROUND_AWAY",
      message: expect.stringMatching(/ Fix: if the server speaks TLS at this port, use rediss:\/\//),
    });
  });

  test("a server without TLS that is asked with TLS is said to have none", async () => {
    const redis = await start();
    const error = await failureOf({ host: "127.0.0.1", port: redis.port, tls: true }, AWAY_MS);
    expect(error.message).toMatch(/ Fix: .*leave `tls` out/);
  });

  test("a certificate that has expired, and one of ours that is missing, are named", async () => {
    const old = makeTestCertificates({ days: -1 });
    const expired = await start({ tls: old });
    expect(await failureOf({ host: "localhost", port: expired.port, tls: { ca: old.ca } })).toMatchObject({
      code: "LIVE_GROUND_REFUSED",
      message: expect.stringMatching(/expired.* Fix: renew/),
    });
    const strict = await start({ tls: certificates });
    await opensWith({ host: "localhost", port: strict.port, tls: { ca: certificates.ca } });
    const { port } = await startStrict();
    const tls = { ca: certificates.ca, cert: certificates.certificate, key: certificates.key };
    await opensWith({ host: "localhost", port, tls });
    expect((await failureOf({ host: "localhost", port, tls: { ca: certificates.ca } })).message).toMatch(
      / Fix: /,
    );
  });

  /** One that wants to see a certificate of ours; told so once it runs, because the rig itself has none to show. */
  async function startStrict(): Promise<RedisProcess> {
    const redis = await start({ tls: certificates });
    await redis.call("CONFIG", "SET", "tls-auth-clients", "yes");
    return redis;
  }
});
