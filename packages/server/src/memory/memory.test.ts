import { expect, test } from "vitest";
import { createMemoryGround } from "./ground.ts";

const tagsOf = (key: string) => [key];

test("a realm holds its bytes and no more; the least recently used entries leave", async () => {
  const ground = createMemoryGround({ maxBytes: 10_000 });
  const { cacheStore, changeLog } = ground.realm("main");
  const position = await changeLog.position();
  for (let i = 0; i < 20; i++) {
    await cacheStore.commit({
      key: `k${i}`,
      position,
      tags: tagsOf(`k${i}`),
      value: new Uint8Array(1_000),
      ttlMs: 1_000,
      keepMs: 1_000,
    });
  }
  const replies = await cacheStore.read(Array.from({ length: 20 }, (_, i) => `k${i}`));
  const left = replies.filter((reply) => reply.state === "valid").length;
  expect(left).toBeGreaterThan(5);
  expect(left).toBeLessThanOrEqual(9);
  expect(replies.at(-1)?.state).toBe("valid");
});

test("a forgotten tag makes its entries a miss, and is never taken for unmoved", async () => {
  const ground = createMemoryGround({ maxTags: 2 });
  const { cacheStore, changeLog } = ground.realm("main");
  const begun = await changeLog.position();
  const commit = (position: typeof begun) =>
    cacheStore.commit({
      key: "k",
      position,
      tags: ["a"],
      value: new Uint8Array(1),
      ttlMs: 1_000,
      keepMs: 1_000,
    });
  await commit(begun);
  const move = (tag: string) =>
    changeLog.append({ changeId: tag, origin: "n", tags: [tag], mode: "purge" as const, events: [] });
  await move("a");
  for (const tag of ["b", "c"]) await move(tag);
  expect((await cacheStore.read(["k"]))[0]).toMatchObject({ state: "invalid", reason: "changed" });
  expect(await commit(begun)).toEqual({ state: "refused", reason: "changed" });
  expect(await commit(await changeLog.position())).toMatchObject({ state: "stored" });
});

test.each(["", "a b", "a:b", "ä", "x".repeat(65)])("the realm name %j is refused", (name) => {
  expect(() => createMemoryGround().realm(name)).toThrow(
    expect.objectContaining({ code: "LIVE_OPTIONS_INVALID" }),
  );
});

test("a realm name may have 64 characters, and the same name gives the same stores", () => {
  const ground = createMemoryGround();
  expect(ground.realm("x".repeat(64))).toBe(ground.realm("x".repeat(64)));
});

test("after closing every call is refused", async () => {
  const ground = createMemoryGround();
  const { cacheStore, changeLog } = ground.realm("main");
  await ground.close();
  await ground.close();
  await expect(cacheStore.read(["k"])).rejects.toMatchObject({ code: "LIVE_CLOSED" });
  await expect(changeLog.position()).rejects.toMatchObject({ code: "LIVE_CLOSED" });
});
