import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { openBrowser } from "@livecache/rig";
import { expect, onTestFinished, test } from "vitest";

const run = promisify(execFile);
const APPLICATION = fileURLToPath(new URL("fixture-app/after/", import.meta.url));
const VITE = fileURLToPath(new URL("../../../../node_modules/vite/bin/vite.js", import.meta.url));

/** Builds the pages, and starts the server as its own process. Answers its address. */
async function startApplication(): Promise<string> {
  const pages = await mkdtemp(join(tmpdir(), "livecache-fixture-"));
  onTestFinished(() => rm(pages, { recursive: true }));
  await run(process.execPath, [
    VITE,
    "build",
    join(APPLICATION, "web"),
    "--outDir",
    pages,
    "--emptyOutDir",
    "--logLevel",
    "error",
  ]);
  const env = { ...process.env, PORT: "0", PAGES: pages };
  const child = spawn(process.execPath, [join(APPLICATION, "server.js")], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill());
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return /http:\S+/.exec(String(line))![0];
}

test("the application that was made live shows a write of one window in the other", async () => {
  const url = await startApplication();
  const browser = await openBrowser();
  onTestFinished(() => browser.close());
  const [one, other] = [await browser.newPage(), await browser.newPage()];
  await Promise.all([one.goto(url), other.goto(url)]);
  await other.getByText("Milk").waitFor();
  await one.getByLabel("What to buy").fill("Apples");
  await one.getByRole("button", { name: "Add" }).click();
  await other.getByText("Apples").waitFor({ timeout: 5_000 });
  await one.getByText("Apples").waitFor({ timeout: 5_000 });
  expect(await one.getByRole("listitem").allTextContents()).toEqual(["Bread", "Milk", "Apples"]);
});
