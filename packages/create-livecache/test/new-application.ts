import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));

/** A folder that goes with the test. */
export async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "create-livecache-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** How the command ended. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `create-livecache` as its own process, which has no terminal. */
export async function createApplication(cwd: string, ...args: readonly string[]): Promise<Ended> {
  const options = { cwd, env: { ...process.env, npm_config_user_agent: "npm/10.0.0 node/v20" } };
  return run(process.execPath, [MAIN, ...args], options).then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      out: error.stdout,
      err: error.stderr,
    }),
  );
}

/** Links what the application asks for to what is installed here, in place of `npm install`. */
export async function linkPackages(folder: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const names = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  // Of a page without a bundler, what npm would put beside them.
  for (const name of [...names, "@livecache/wire", "socket.io-client"]) {
    const place = join(folder, "node_modules", name);
    await mkdir(dirname(place), { recursive: true });
    await symlink(join(ROOT, "node_modules", name), place);
  }
}

/** Runs programs of the application one after the other, as `npm run` would. */
export async function runScript(folder: string, name: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  for (const command of manifest.scripts[name]!.split(" && ")) {
    const [program = "", ...args] = command.split(" ");
    await run(process.execPath, [PROGRAMS[program]!, ...args], { cwd: folder, env: ownEnvironment() });
  }
}

const PROGRAMS: Readonly<Record<string, string>> = {
  tsc: join(ROOT, "node_modules/typescript/bin/tsc"),
  vite: join(ROOT, "node_modules/vite/bin/vite.js"),
};

/** The environment of a person at a terminal: without what the tests have put there. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const { REDIS_URL: _redis, NODE_ENV: _mode, VITEST: _vitest, ...env } = process.env;
  return env;
}

/** Starts a server of the application, and answers its address. */
export async function startServer(folder: string, ...args: readonly string[]): Promise<string> {
  const env = { ...ownEnvironment(), PORT: "0" };
  const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  child.stderr.on("data", (chunk) => (text += String(chunk)));
  onTestFinished(async () => {
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  });
  for await (const chunk of child.stdout) {
    text += String(chunk);
    const [url] = /http:\/\/localhost:\d+/.exec(text) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error(`the server ended: ${text}`);
}
