import { join } from "node:path";
import { openBrowser } from "@livecache/rig";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApplication, emptyFolder, linkPackages, runScript, startServer } from "./new-application.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

/** Writes in one window, and waits until the other shows it. */
async function writeInTwoWindows(url: string): Promise<string[]> {
  const [one, other] = [await browser.newPage(), await browser.newPage()];
  const faults: string[] = [];
  for (const page of [one, other]) page.on("pageerror", (error) => faults.push(error.message));
  await Promise.all([one.goto(url), other.goto(url)]);
  await other.getByText("Live", { exact: true }).waitFor();
  await one.getByLabel("What is to be done?").fill("Say hello");
  await one.getByRole("button", { name: "Add", exact: true }).click();
  await other.getByText("Say hello").waitFor({ timeout: 10_000 });
  await other.getByLabel("Say hello", { exact: true }).click();
  await one.locator("li.done", { hasText: "Say hello" }).waitFor({ timeout: 10_000 });
  await one.getByRole("button", { name: "Remove Say hello" }).click();
  await other.getByText("Say hello").waitFor({ state: "detached", timeout: 10_000 });
  await Promise.all([one.close(), other.close()]);
  return faults;
}

test("from nothing to two windows that update each other, with React", async () => {
  const startedAt = performance.now();
  const cwd = await emptyFolder();
  expect(await createApplication(cwd, "my-app", "--template", "express-react", "--yes")).toMatchObject({
    code: 0,
  });
  const folder = join(cwd, "my-app");
  await linkPackages(folder);
  await runScript(folder, "build");
  const url = await startServer(folder, "start.js");
  expect(await writeInTwoWindows(url)).toEqual([]);
  // The budget of a newcomer, once packages are installed; a busy machine has the same.
  expect(performance.now() - startedAt).toBeLessThan(60_000);
});

test("and without a build, with a plain page", async () => {
  const cwd = await emptyFolder();
  expect(await createApplication(cwd, "my-app", "--template", "express", "--yes")).toMatchObject({ code: 0 });
  const folder = join(cwd, "my-app");
  await linkPackages(folder);
  expect(await writeInTwoWindows(await startServer(folder, "server.js"))).toEqual([]);
});
