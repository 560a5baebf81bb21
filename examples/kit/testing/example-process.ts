import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { atExit, freePort, until } from "@livecache/rig";

/** The built example in a process of its own, which can be killed and started again on the same port. */
export interface ExampleProcess {
  readonly url: string;
  /** SIGKILL: nothing is closed, nothing is said. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** SIGTERM, as an operator stops it. Answers the exit code. */
  stop(): Promise<number | null>;
  isRunning(): boolean;
  /** Everything it has written to standard error. */
  errors(): string;
}

/** Starts the built `main` of an example with these variables. It answers once this resolves, `withinMs` (50 s) at the latest. */
export async function startExample(
  main: URL,
  env: Readonly<Record<string, string>>,
  withinMs = 50_000,
): Promise<ExampleProcess> {
  const port = await freePort();
  let child: ChildProcess | undefined;
  let output = "";
  let errors = "";

  async function start(): Promise<void> {
    output = "";
    const { REDIS_URL: _redis, DATABASE_URL: _database, ...inherited } = process.env;
    const started = spawn(process.execPath, [fileURLToPath(main)], {
      env: { ...inherited, ...env, PORT: `${port}` },
    });
    child = started;
    started.stdout.on("data", (chunk) => (output += String(chunk)));
    started.stderr.on("data", (chunk) => (errors += String(chunk)));
    const isReady = (): boolean => output.includes(`ready http://localhost:${port}`);
    await until(() => isReady() || started.exitCode !== null, {
      what: "the example is ready",
      withinMs,
    }).catch((error: unknown) => {
      started.kill("SIGKILL");
      throw error;
    });
    if (!isReady()) throw new Error(`the example ended: ${errors}`);
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    const ending = child;
    child = undefined;
    if (!ending) return null;
    if (ending.exitCode === null && ending.signalCode === null) {
      const gone = new Promise((resolve) => ending.once("exit", resolve));
      ending.kill(signal);
      await gone;
    }
    return ending.exitCode;
  }

  atExit(() => child?.kill("SIGKILL"));
  await start();
  return {
    url: `http://localhost:${port}`,
    start,
    async kill() {
      await end("SIGKILL");
    },
    stop: () => end("SIGTERM"),
    isRunning: () => child !== undefined && child.exitCode === null && child.signalCode === null,
    errors: () => errors,
  };
}
