import { until } from "@livecache/rig";
import { expect, test } from "vitest";
import { changeOf, openSite, refuseUnhandledRejections } from "./redis-site.ts";

refuseUnhandledRejections();

test("a server that is fully used is not taken for a dead one", async () => {
  const { ground, realm, gate } = await openSite({ maxInFlight: 5 });
  const states: string[] = [];
  ground.onStatus(({ state }) => states.push(state));
  gate.delay(50);
  let busy = 0;
  const usedUntil = performance.now() + 2_500;
  const useAll = Array.from({ length: 10 }, async () => {
    while (performance.now() < usedUntil) {
      await realm.changeLog.append(changeOf()).catch(() => busy++);
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
  await Promise.all(useAll);
  expect(busy).toBeGreaterThan(100);
  expect(states).toEqual([]);
});

test("what a listener or onError throws ends nothing", async () => {
  const told: Error[] = [];
  const { ground, realm, gate } = await openSite({
    onError(error) {
      told.push(error);
      throw error;
    },
  });
  ground.onStatus(() => {
    throw new Error("a broken listener");
  });
  gate.cut();
  await until(() => ground.status().state === "away", { what: "the loss is noticed", withinMs: 5_000 });
  gate.pass();
  await until(() => realm.changeLog.position(), { what: "it goes on", withinMs: 4_000 });
  expect(told.map(({ message }) => message)).toContain("a broken listener");
  expect(told.some((error) => "code" in error && error.code === "LIVE_GROUND_AWAY")).toBe(true);
});
