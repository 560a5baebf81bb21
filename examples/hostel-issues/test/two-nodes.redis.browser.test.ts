import { openBrowser, startRedis, until } from "@livecache/rig";
import type { RedisProcess } from "@livecache/rig";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { shareDatabase } from "example-kit/shared-database";
import type { SharedDatabase } from "example-kit/shared-database";
import { figure, reportIssue, row, untilLoaded } from "./support/browser.ts";
import { startHostel } from "./support/start-hostel.ts";
import type { ExampleProcess } from "example-kit/testing/example-process.ts";
import { openWindow } from "./support/visitor.ts";

describe.skipIf(process.env["LIVECACHE_SKIP_REDIS"] === "1")(
  "two nodes on one Redis and one database",
  () => {
    let browser: Browser;
    let redis: RedisProcess;
    let database: SharedDatabase;
    let left: ExampleProcess;
    let right: ExampleProcess;

    beforeAll(async () => {
      [browser, redis, database] = await Promise.all([
        openBrowser(),
        startRedis(),
        shareDatabase("memory://"),
      ]);
      const env = {
        REDIS_URL: redis.url,
        DATABASE_URL: database.url,
        LIVE_SECRET: "the same on both nodes, and long enough",
      };
      [left, right] = await Promise.all([startHostel(env), startHostel(env)]);
    });

    afterAll(async () => {
      await Promise.all([browser?.close(), left?.kill(), right?.kill()]);
      await Promise.all([database?.close(), redis?.close()]);
    });

    afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

    test("what is reported on one node, windows of the other show without a reload", async () => {
      const student = await openWindow(browser, { url: left.url, personId: "asha" });
      const warden = await openWindow(browser, { url: right.url, personId: "grace" });
      const management = await openWindow(browser, { url: right.url, personId: "elena" });
      const before = await figure(management.page, "open");

      await reportIssue(student.page, "Reported on the left");
      await row(warden.page, "Reported on the left").waitFor({ timeout: 5_000 });
      await until(async () => (await figure(management.page, "open")) === before + 1, {
        what: "the dashboard of the other node counts the issue",
        withinMs: 5_000,
      });
      await warden.page.getByLabel("Notices").getByText("Reported on the left").waitFor();

      await row(warden.page, "Reported on the left").getByRole("button").click();
      await row(student.page, "Reported on the left").getByText("In progress").waitFor({ timeout: 5_000 });
      for (const window of [student, warden, management]) expect(await window.isUntouched()).toBe(true);
    });

    test("after its node was killed and started again, a window shows what happened on the other, untouched", async () => {
      const student = await openWindow(browser, { url: left.url, personId: "asha" });
      const warden = await openWindow(browser, { url: right.url, personId: "grace" });
      const management = await openWindow(browser, { url: right.url, personId: "elena" });
      const before = await figure(management.page, "open");
      for (const { page } of [warden, management]) await untilLoaded(page);

      await right.kill();
      await warden.page.getByRole("status").getByText("Offline").waitFor();
      await reportIssue(student.page, "Reported while the right was dead");
      await right.start();

      await row(warden.page, "Reported while the right was dead").waitFor({ timeout: 10_000 });
      await until(async () => (await figure(management.page, "open")) === before + 1, {
        what: "the dashboard counts the issue",
        withinMs: 10_000,
      });
      await warden.page.getByRole("status").getByText("Live", { exact: true }).waitFor();
      for (const window of [warden, management]) {
        expect(window.faults).toEqual([]);
        expect(await window.isUntouched()).toBe(true);
      }
    });
  },
);
