import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** The example, started for one run. */
export interface OwnServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts the example in a process of its own, with nothing but memory.
 *
 * @throws when it ends before it is ready
 */
export async function startOwnServer(): Promise<OwnServer> {
  const { REDIS_URL: _redis, DATABASE_URL: _database, ...inherited } = process.env;
  const child = spawn(process.execPath, [fileURLToPath(new URL("../main.js", import.meta.url))], {
    env: { ...inherited, PORT: "0", DATA_DIR: "memory://" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^ready (\S+)/.exec(line)?.[1];
    if (!url) continue;
    return {
      url,
      async close() {
        child.kill("SIGTERM");
        await exited;
      },
    };
  }
  throw new Error("The example ended before it was ready.");
}
