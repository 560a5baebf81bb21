import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { until } from "@livecache/rig";
import { expect, onTestFinished, test } from "vitest";
import { openSite } from "./site.ts";

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

/** Starts the command as its own process, against a site. */
function start(url: string, ...args: readonly string[]) {
  const env = { ...process.env, LIVECACHE_URL: `${url}/ops`, LIVECACHE_TOKEN: "an-operators-token" };
  const child = spawn(process.execPath, [MAIN, ...args], { env });
  onTestFinished(() => void child.kill("SIGKILL"));
  const printed = { out: "", err: "" };
  child.stdout.on("data", (chunk) => (printed.out += String(chunk)));
  child.stderr.on("data", (chunk) => (printed.err += String(chunk)));
  return { child, printed };
}

test.each(["SIGINT", "SIGTERM"] as const)("monitor ends in good order on %s", async (signal) => {
  const { url, live } = await openSite();
  await live.change({ tags: ["hostel:7"] });
  const { child, printed } = start(url, "monitor", "--every", "20ms");
  await until(() => printed.out.includes("hostel:7"), { what: "it shows the change", withinMs: 20_000 });
  child.kill(signal);
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(printed.err).toBe("");
});

test("it ends when its reader has enough", async () => {
  const { url, live } = await openSite();
  await live.change({ tags: ["hostel:7"] });
  const { child, printed } = start(url, "monitor", "--every", "20ms");
  await until(() => printed.out !== "", { what: "it runs", withinMs: 20_000 });
  child.stdout.destroy();
  const ended = once(child, "exit");
  const timer = setInterval(() => void live.change({ tags: ["hostel:7"] }), 20);
  onTestFinished(() => clearInterval(timer));
  expect(await ended).toEqual([0, null]);
  expect(printed.err).toBe("");
});
