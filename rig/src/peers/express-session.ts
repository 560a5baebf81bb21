import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** How the suite went over one ground. */
export interface SuiteFigures {
  readonly tests: number;
  readonly passes: number;
  /** Full titles, each with what it said. */
  readonly failures: readonly { readonly title: string; readonly message: string }[];
}

/** What mocha's JSON reporter writes, as far as it is read. */
interface MochaReport {
  readonly stats: { readonly tests: number; readonly passes: number };
  readonly failures: readonly { readonly fullTitle: string; readonly err: { readonly message?: string } }[];
}

const STORE = fileURLToPath(new URL("./memory-store.js", import.meta.url));

/**
 * Runs the suite of a checkout of express-session, untouched, with stores of Livecache where it makes its own. `mocha` and what else
 * the suite needs has to be installed in the checkout. Without `redisUrl` the stores are in memory.
 */
export async function runExpressSession(checkout: string, redisUrl?: string): Promise<SuiteFigures> {
  const mocha = join(checkout, "node_modules/mocha/bin/mocha.js");
  const suite = "test/session.js";
  for (const path of [mocha, join(checkout, suite)]) {
    if (!existsSync(path))
      throw new Error(`${path} is not there: expected a checkout of express-session, installed`);
  }
  const settings = "test/support/env.js";
  const loads = existsSync(join(checkout, settings)) ? ["--require", join(checkout, settings)] : [];
  const args = [mocha, ...loads, "--require", STORE, "--reporter", "json", "--exit", suite];
  const text = await output(args, checkout, redisUrl ? { LIVECACHE_PEER_REDIS: redisUrl } : {});
  const report = JSON.parse(text.slice(text.indexOf("{"))) as MochaReport;
  const failures = report.failures.map(({ fullTitle, err }) => ({
    title: fullTitle,
    message: err.message ?? "",
  }));
  return { tests: report.stats.tests, passes: report.stats.passes, failures };
}

function output(args: readonly string[], cwd: string, env: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.on("data", (chunk) => (text += String(chunk)));
    child.once("error", reject);
    child.once("close", () =>
      text.includes("{") ? resolve(text) : reject(new Error("the suite said nothing")),
    );
  });
}
