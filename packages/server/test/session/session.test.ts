import { describe, expect, onTestFinished, test } from "vitest";
import { createLive } from "../../src/index.ts";
import { expressCases } from "./express-cases.ts";
import { ours } from "./session-site.ts";

describe("express-session over memory", () => {
  expressCases(async () => {
    const live = createLive();
    onTestFinished(live.close);
    return live;
  });
});

test("a refused save fails with LIVE_SESSION_CONFLICT", async () => {
  const live = createLive();
  onTestFinished(live.close);
  const { store } = ours(live, { store: { conflicts: "refuse" } });
  const read = () => new Promise<any>((resolve) => store!.get("an-id", (_error, data) => resolve(data)));
  const save = (data: object) => new Promise((resolve) => store!.set("an-id", data as never, resolve));
  await save({ cookie: { originalMaxAge: 60_000 }, theme: "plain" });
  const [first, second] = [await read(), await read()];
  expect(await save(Object.assign(first, { theme: "dark" }))).toBeNull();
  expect(await save(Object.assign(second, { theme: "light" }))).toMatchObject({
    code: "LIVE_SESSION_CONFLICT",
    details: { fields: ["theme"] },
  });
  expect((await read()).theme).toBe("dark");
});

test("a session that was made without a cookie has one for the framework; one whose cookie was taken away has none", async () => {
  const live = createLive();
  onTestFinished(live.close);
  const { store } = ours(live);
  const read = () => new Promise<any>((resolve) => store!.get("an-id", (_error, data) => resolve(data)));
  await live.sessions.create("an-id", { data: { theme: "plain" }, idleMs: 60_000 });
  expect(await read()).toMatchObject({ theme: "plain", cookie: { path: "/", httpOnly: true } });
  await new Promise((resolve) => store!.set("an-id", { theme: "dark" } as never, resolve));
  expect(await read()).toEqual({ theme: "dark" });
});
