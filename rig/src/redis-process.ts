import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { until } from "./until.ts";

/** Options of {@link startRedis}. */
export interface StartRedisOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** Further arguments of `redis-server`, such as `["--appendonly", "yes"]`. Default: no persistence at all. */
  readonly config?: readonly string[];
}

/** A real `redis-server` of our own. */
export interface RedisProcess {
  readonly url: string;
  readonly port: number;
  /** The process now running; `undefined` while it is killed. */
  pid(): number | undefined;
  /** SIGKILL: nothing is saved, every connection is reset. Resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGSTOP: connections stay open, and nothing answers. */
  freeze(): void;
  /** SIGCONT: goes on where it was frozen. */
  thaw(): void;
  /** Kills it if it runs, and starts it again on the same port; empty, unless `config` says to keep data. */
  restart(): Promise<void>;
  /** Sends one command written inline, such as `"FLUSHALL"`, and answers the raw reply. */
  command(line: string): Promise<string>;
  /** Ends it and removes its folder. Idempotent. */
  close(): Promise<void>;
}

/** Starts a Redis on the loopback address. It answers once this resolves, and ends with this process at the latest. */
export async function startRedis({
  port: wanted,
  config = [],
}: StartRedisOptions = {}): Promise<RedisProcess> {
  const folder = await mkdtemp(join(tmpdir(), "livecache-redis-"));
  const port = wanted ?? (await freePort());
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    const started = launch(folder, port, config);
    child = started;
    const isOver = (): boolean => started.pid === undefined || started.exitCode !== null;
    await until(() => isOver() || isAnswering(port), {
      what: `redis-server answers on port ${port}`,
      withinMs: 10_000,
    });
    if (isOver()) throw new Error(`redis-server did not start (exit code ${started.exitCode})`);
  }

  async function kill(): Promise<void> {
    const ending = child;
    child = undefined;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const gone = new Promise((resolve) => ending.once("exit", resolve));
    ending.kill("SIGKILL");
    await gone;
  }

  const killOnExit = (): void => void child?.kill("SIGKILL");
  process.once("exit", killOnExit);
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    pid: () => child?.pid,
    kill,
    freeze: () => void child?.kill("SIGSTOP"),
    thaw: () => void child?.kill("SIGCONT"),
    async restart() {
      await kill();
      await start();
    },
    command: (line) => ask(port, line),
    async close() {
      process.removeListener("exit", killOnExit);
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function launch(folder: string, port: number, config: readonly string[]): ChildProcess {
  const program = process.env["REDIS_SERVER"] ?? "redis-server";
  const base = [
    "--port",
    `${port}`,
    "--bind",
    "127.0.0.1",
    "--dir",
    folder,
    "--save",
    "",
    "--appendonly",
    "no",
  ];
  const child = spawn(program, [...base, ...config], { stdio: "ignore" });
  child.once("error", () => undefined);
  return child;
}

/** Whether a Redis answers, if only to say that it wants a password first. */
async function isAnswering(port: number): Promise<boolean> {
  return /^(\+PONG|-NOAUTH)/.test(await ask(port, "PING"));
}

/** One command over a connection of its own. */
function ask(port: number, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let reply = "";
    socket.setTimeout(2_000, () => socket.destroy(new Error(`no reply to ${line}`)));
    socket.once("error", reject);
    socket.once("close", () => resolve(reply));
    socket.on("data", (chunk) => {
      reply += String(chunk);
      if (reply.endsWith("\r\n")) socket.end();
    });
    socket.write(`${line}\r\n`);
  });
}
