import { execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { freePort, until } from "@livecache/rig";
import pg from "pg";

/** A real PostgreSQL server of our own. */
export interface PostgresProcess {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts the machine's PostgreSQL with an empty database, or answers `undefined` when it has none. */
export async function startPostgres(): Promise<PostgresProcess | undefined> {
  const programs = findPrograms();
  if (!programs) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "hostel-issues-postgres-"));
  const user = serverUser();
  if (user) chownSync(folder, user.uid, user.gid);
  const data = join(folder, "data");
  const port = await freePort();
  const options = { stdio: "ignore", cwd: folder, ...user } as const;
  execFileSync(join(programs, "initdb"), ["-D", data, "-U", "postgres", "-A", "trust", "--no-sync"], options);
  const settings = ["-h", "127.0.0.1", "-p", `${port}`, "-k", folder, "-c", "fsync=off"];
  const server = spawn(join(programs, "postgres"), ["-D", data, ...settings], options);
  const gone = new Promise((resolve) => server.once("exit", resolve));
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  await until(() => answers(url), { what: "PostgreSQL answers", withinMs: 20_000 });
  return {
    url,
    async close() {
      server.kill("SIGINT");
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function findPrograms(): string | undefined {
  const packaged = "/usr/lib/postgresql";
  const versions = existsSync(packaged)
    ? readdirSync(packaged).map((name) => join(packaged, name, "bin"))
    : [];
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...versions];
  return folders.find((folder) => ["initdb", "postgres"].every((name) => existsSync(join(folder, name))));
}

/** PostgreSQL refuses to run as root. */
function serverUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string): number => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  await client.end();
  return true;
}
