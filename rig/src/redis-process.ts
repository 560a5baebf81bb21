import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atExit } from "./at-exit.ts";
import { freePort } from "./free-port.ts";
import { RedisRefusal, commandBytes, readReply } from "./redis-reply.ts";
import type { RedisReply } from "./redis-reply.ts";
import type { TestCertificates } from "./test-certificates.ts";
import { until } from "./until.ts";

/** Options of {@link startRedis}. */
export interface StartRedisOptions {
  /** Default: a free one. */
  readonly port?: number;
  /**
   * Further arguments of `redis-server`, such as `["--appendonly", "yes"]`, `["--maxmemory", "50mb"]` or
   * `["--user", "live", "on", ">secret", "~lc:*", "+@all"]`. Default: no persistence at all.
   */
  readonly config?: readonly string[];
  /** Text of a configuration file that is read before `config`, and that the server may write to. Default: none. */
  readonly configFile?: string;
  /** Password of the default user; `command` and `call` give it themselves. Default: none. */
  readonly password?: string;
  /** It speaks TLS only, with these. See {@link redisHasTls}. Default: no TLS. */
  readonly tls?: TestCertificates;
}

/** A real `redis-server` of our own. */
export interface RedisProcess {
  /** `redis://127.0.0.1:port`, or `rediss://localhost:port` with TLS; without a password. */
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
  /** Sends one command written inline, such as `"FLUSHALL"`, and answers the raw reply. Fails after 2 s without one. */
  command(line: string): Promise<string>;
  /** Sends one command in words, and answers its reply, or throws {@link RedisRefusal}. Fails after 2 s without one. */
  call(...words: readonly string[]): Promise<RedisReply>;
  /** Ends it and removes its folder. Idempotent. */
  close(): Promise<void>;
}

/** How many ports are tried when none is given: one that was free may be taken before Redis listens. */
const PORTS_TRIED = 3;

/** Starts a Redis on the loopback address. It answers once this resolves, and ends with this process at the latest. */
export async function startRedis(options: StartRedisOptions = {}): Promise<RedisProcess> {
  if (options.port !== undefined) return startOn(options.port, options);
  for (let left = PORTS_TRIED - 1; left > 0; left--) {
    const started = await startOn(await freePort(), options).catch(() => undefined);
    if (started) return started;
  }
  return startOn(await freePort(), options);
}

async function startOn(port: number, options: StartRedisOptions): Promise<RedisProcess> {
  const folder = await mkdtemp(join(tmpdir(), "livecache-redis-"));
  const words = await argumentsOf(folder, port, options);
  const door: Door = { port, password: options.password, ca: options.tls?.ca };
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    const started = launch(words);
    child = started;
    const isOver = (): boolean => started.pid === undefined || started.exitCode !== null;
    await until(() => isOver() || isAnswering(door), {
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

  const callOff = atExit(() => child?.kill("SIGKILL"));
  async function close(): Promise<void> {
    callOff();
    await kill();
    await rm(folder, { recursive: true, force: true });
  }
  await start().catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return {
    url: options.tls ? `rediss://localhost:${port}` : `redis://127.0.0.1:${port}`,
    port,
    pid: () => child?.pid,
    kill,
    freeze: () => void child?.kill("SIGSTOP"),
    thaw: () => void child?.kill("SIGCONT"),
    async restart() {
      await kill();
      await start();
    },
    command: async (line) => String(await ask(door, `${line}\r\n`)),
    call: async (...called) => valueOf(await ask(door, commandBytes(called))),
    close,
  };
}

/** Whether the `redis-server` of this machine was built with TLS. Without it, `startRedis({ tls })` fails. */
export function redisHasTls(): boolean {
  // One that knows the option ends because it is to listen nowhere; one that does not, because of the option.
  const { stdout, stderr } = spawnSync(program(), ["--port", "0", "--tls-port", "0"], { timeout: 5_000 });
  return !/tls-port/.test(`${String(stdout)}${String(stderr)}`);
}

const program = (): string => process.env["REDIS_SERVER"] ?? "redis-server";

/** Writes the files that a server is to read, and spells the arguments that say so. */
async function argumentsOf(folder: string, port: number, options: StartRedisOptions): Promise<string[]> {
  const { config = [], configFile, password, tls } = options;
  const write = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const words = configFile === undefined ? [] : [await write("redis.conf", configFile)];
  words.push(...(tls ? ["--port", "0", "--tls-port", `${port}`] : ["--port", `${port}`]));
  words.push("--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "no");
  if (password !== undefined) words.push("--requirepass", password);
  if (tls) {
    words.push("--tls-ca-cert-file", await write("ca.pem", tls.ca));
    words.push("--tls-cert-file", await write("server.pem", tls.certificate));
    words.push("--tls-key-file", await write("server.key", tls.key), "--tls-auth-clients", "no");
  }
  return [...words, ...config];
}

function launch(words: readonly string[]): ChildProcess {
  const child = spawn(program(), words, { stdio: "ignore" });
  child.once("error", () => undefined);
  return child;
}

/** How a command gets to a server. */
interface Door {
  readonly port: number;
  readonly password: string | undefined;
  readonly ca: string | undefined;
}

/** Whether a Redis answers, if only to say that it wants a password first, or that it is loading. */
async function isAnswering(door: Door): Promise<boolean> {
  return /^(\+PONG|-NOAUTH)/.test(String(await ask(door, "PING\r\n")));
}

/** One command over a connection of its own; answers the bytes of its reply. */
function ask({ port, password, ca }: Door, command: string): Promise<Buffer> {
  const login = password === undefined ? "" : commandBytes(["AUTH", password]);
  return new Promise((resolve, reject) => {
    // An expired certificate shall not keep a test from looking at its server.
    const socket =
      ca === undefined
        ? connect(port, "127.0.0.1")
        : connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false });
    let bytes = Buffer.alloc(0);
    socket.setTimeout(2_000, () => socket.destroy(new Error(`no reply to ${command.trim()}`)));
    socket.once("error", reject);
    socket.once("close", () => reject(new Error(`closed before the reply to ${command.trim()}`)));
    socket.on("data", (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      const from = login === "" ? 0 : readReply(bytes, 0)?.end;
      if (from === undefined || !readReply(bytes, from)) return;
      resolve(bytes.subarray(from));
      socket.end();
    });
    socket.write(`${login}${command}`);
  });
}

function valueOf(bytes: Buffer): RedisReply {
  const { reply } = readReply(bytes, 0)!;
  if (reply instanceof RedisRefusal) throw reply;
  return reply;
}
