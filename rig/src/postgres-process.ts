import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { chownSync, closeSync, openSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { atExit } from "./at-exit.ts";
import { freePort } from "./free-port.ts";
import { childrenOf, isRunning, signalAll } from "./postgres/family.ts";
import { findPostgres, postgresUser } from "./postgres/find-postgres.ts";
import { until } from "./until.ts";

/** Options of {@link startPostgres}. */
export interface StartPostgresOptions {
  /** Whether the log can be read row by row (`wal_level=logical`). Default: false. */
  readonly logical?: boolean;
  /** Default: a free one. */
  readonly port?: number;
  /** Further settings, such as `{ wal_sender_timeout: "2s" }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A real PostgreSQL of our own. */
export interface PostgresProcess {
  /** Of the database `postgres`, as its superuser. */
  readonly url: string;
  readonly port: number;
  /** The main process now running; `undefined` while it is killed. */
  pid(): number | undefined;
  /** SIGKILL to all of its processes: every connection is reset; what was committed is there after a restart. */
  kill(): Promise<void>;
  /** SIGSTOP to all of its processes: connections stay open, and nothing answers. */
  freeze(): void;
  /** SIGCONT: goes on where it was frozen. */
  thaw(): void;
  /** Kills it if it runs, and starts it again on the same port with the same data. */
  restart(): Promise<void>;
  /** Runs SQL over a connection of its own, in the database `postgres` unless told; answers the rows. */
  query(sql: string, options?: { readonly url?: string }): Promise<Record<string, unknown>[]>;
  /** Makes an empty database and answers its URL. */
  createDatabase(name: string): Promise<string>;
  /** Ends it and removes its folder. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts a PostgreSQL on the loopback address, as another user where we are root. It answers once this resolves, and
 * ends with this process at the latest. Making its folder takes about a second: one server per test file, and a
 * database for each test.
 */
export async function startPostgres({
  logical = false,
  port: wanted,
  settings = {},
}: StartPostgresOptions = {}): Promise<PostgresProcess> {
  const bin = findPostgres();
  const user = postgresUser();
  const folder = await mkdtemp(join(tmpdir(), "livecache-postgres-"));
  if (user) chownSync(folder, user.uid, user.gid);
  const port = wanted ?? (await freePort());
  const place = { bin, folder, user, settings: { ...defaultSettings(port, logical), ...settings } };
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    const started = launch(place);
    child = started;
    const isOver = (): boolean => started.pid === undefined || started.exitCode !== null;
    await until(async () => isOver() || (await isAnswering(urlOf(port))), {
      what: `PostgreSQL answers on port ${port}`,
      withinMs: 30_000,
    });
    if (isOver()) throw new Error(`PostgreSQL did not start: ${logOf(folder)}`);
  }

  const all = (): number[] => (child?.pid ? [child.pid, ...childrenOf(child.pid)] : []);
  const freeze = (): void => {
    // The main process first, and then those that it has started: none is added between.
    signalAll(all().slice(0, 1), "SIGSTOP");
    signalAll(all().slice(1), "SIGSTOP");
  };
  const thaw = (): void => signalAll(all().reverse(), "SIGCONT");

  async function kill(): Promise<void> {
    freeze();
    await endOf(child, () => signalAll(all().reverse(), "SIGKILL"), all());
    child = undefined;
  }

  // In order, for this way it gives back its shared memory.
  const shutDown = (): void => {
    signalAll(all().slice(0, 1), "SIGQUIT");
    thaw();
  };
  const callOff = atExit(shutDown);

  async function close(): Promise<void> {
    callOff();
    await endOf(child, shutDown, all());
    child = undefined;
    await rm(folder, { recursive: true, force: true });
  }

  try {
    initialise(place);
    await start();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url: urlOf(port),
    port,
    pid: () => child?.pid,
    kill,
    freeze,
    thaw,
    async restart() {
      await kill();
      await start();
    },
    query: (sql, { url = urlOf(port) } = {}) => ask(url, sql),
    async createDatabase(name) {
      await ask(urlOf(port), `CREATE DATABASE ${pg.escapeIdentifier(name)}`);
      return urlOf(port, name);
    },
    close,
  };
}

interface Place {
  readonly bin: string;
  readonly folder: string;
  readonly user: { readonly uid: number; readonly gid: number } | undefined;
  readonly settings: Readonly<Record<string, string>>;
}

function urlOf(port: number, database = "postgres"): string {
  return `postgresql://postgres@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}

function defaultSettings(port: number, logical: boolean): Record<string, string> {
  return {
    port: `${port}`,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    // Nothing here has to outlive the machine. What is committed outlives the process all the same.
    fsync: "off",
    full_page_writes: "off",
    shared_buffers: "16MB",
    max_connections: "60",
    wal_level: logical ? "logical" : "replica",
    max_wal_senders: "20",
    max_replication_slots: "20",
  };
}

function initialise({ bin, folder, user }: Place): void {
  const args = ["-D", join(folder, "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"];
  const made = spawnSync(join(bin, "initdb"), [...args, "--no-sync"], {
    ...user,
    cwd: folder,
    encoding: "utf8",
  });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? made.stderr}`);
}

function launch({ bin, folder, user, settings }: Place): ChildProcess {
  const args = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const log = openSync(join(folder, "log"), "a");
  const child = spawn(join(bin, "postgres"), ["-D", join(folder, "data"), ...args], {
    ...user,
    cwd: folder,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  child.once("error", () => undefined);
  return child;
}

/** Its last lines, which say why it did not start. */
function logOf(folder: string): string {
  return readFileSync(join(folder, "log"), "utf8").trim().split("\n").slice(-5).join("\n");
}

/** Resolves when the process is gone, and with it those it had started. */
async function endOf(child: ChildProcess | undefined, end: () => void, all: number[]): Promise<void> {
  if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  end();
  await gone;
  await until(() => !all.some(isRunning), { what: "all processes of PostgreSQL ended", withinMs: 10_000 });
}

async function isAnswering(url: string): Promise<boolean> {
  return (await ask(url, "SELECT 1")).length === 1;
}

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  // It says why by its query; unheard, the end of the process would end ours too.
  client.on("error", () => undefined);
  try {
    await client.connect();
    const result = await client.query<Record<string, unknown>>(sql);
    return Array.isArray(result) ? (result.at(-1)?.rows ?? []) : result.rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}
