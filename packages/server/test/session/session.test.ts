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
