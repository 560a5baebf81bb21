import { expect, test } from "vitest";
import type { LiveError } from "@livecache/wire";
import {
  changeOf,
  move,
  openSite,
  refuseUnhandledRejections,
  stateOf,
  store,
  untilStatus,
} from "./redis-site.ts";

refuseUnhandledRejections();

test("as many commands may be on their way as were allowed; one more is refused at once", async () => {
  const { realm, gate } = await openSite({ maxInFlight: 20, commandTimeout: "1s" });
  await realm.changeLog.position();
  gate.delay(100);
  const calls = Array.from({ length: 24 }, () =>
    realm.changeLog.append(changeOf()).then(
      () => "answered",
      (error: LiveError) => error.code,
    ),
  );
  const ends = await Promise.all(calls);
  const answered = ends.filter((end) => end === "answered").length;
  // A heartbeat may have had two of the places.
  expect(answered).toBeGreaterThanOrEqual(17);
  expect(answered).toBeLessThanOrEqual(20);
  expect(new Set(ends)).toEqual(new Set(["answered", "LIVE_GROUND_BUSY"]));
  gate.pass();
  expect(await stateOf(realm)).toBe("absent");
});

test("when its memory is full, Redis stores no entries, but changes get through", async () => {
  const { realm, redis, ground } = await openSite();
  await move(realm, "t");
  await store(realm);
  await redis.command("CONFIG SET maxmemory-policy noeviction");
  await redis.command("CONFIG SET maxmemory 1");
  await expect(store(realm, "another")).rejects.toMatchObject({
    code: "LIVE_GROUND_AWAY",
    retryable: true,
    message: expect.stringContaining("OOM"),
  });
  expect(await stateOf(realm)).toBe("valid");
  await move(realm, "t");
  expect(await stateOf(realm)).toBe("invalid");
  expect(ground.status().state).toBe("here");
  await redis.command("CONFIG SET maxmemory 0");
  await store(realm);
  expect(await stateOf(realm)).toBe("valid");
});

test("a lease that a full Redis could not turn into an entry is given back", async () => {
  const { realm, redis } = await openSite();
  const begun = await realm.cacheStore.begin({ key: "k", leaseMs: 60_000 });
  if (begun.state !== "granted") throw new Error(begun.state);
  await redis.command("CONFIG SET maxmemory 1");
  const { lease, position } = begun;
  const commit = {
    key: "k",
    lease,
    position,
    tags: ["k"],
    value: Buffer.from("v"),
    ttlMs: 60_000,
    keepMs: 60_000,
  };
  await expect(realm.cacheStore.commit(commit)).rejects.toMatchObject({ code: "LIVE_GROUND_AWAY" });
  await redis.command("CONFIG SET maxmemory 0");
  const next = await realm.cacheStore.begin({ key: "k", leaseMs: 1_000 });
  expect(next.state).toBe("granted");
});

test("a Redis that became a replica is away, and nothing is read from it", async () => {
  const { realm, redis, ground } = await openSite();
  await store(realm);
  await redis.command("REPLICAOF 127.0.0.1 1");
  await expect(move(realm, "t")).rejects.toMatchObject({ code: "LIVE_GROUND_AWAY", retryable: true });
  await untilStatus(ground, "away", 5_000);
  await expect(realm.cacheStore.read(["k"])).rejects.toMatchObject({ code: "LIVE_GROUND_AWAY" });
  await redis.command("REPLICAOF NO ONE");
  await untilStatus(ground, "here", 4_000);
  expect(await stateOf(realm)).toBe("valid");
});
