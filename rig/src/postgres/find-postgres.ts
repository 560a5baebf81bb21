import { spawnSync } from "node:child_process";
import { accessSync, constants, readdirSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

/** Where packages put the programs, besides PATH: Debian and Ubuntu, then Homebrew on both kinds of Mac. */
const HOMES = [
  { folder: "/usr/lib/postgresql", prefix: "" },
  { folder: "/opt/homebrew/opt", prefix: "postgresql@" },
  { folder: "/usr/local/opt", prefix: "postgresql@" },
];

/**
 * The folder with `postgres` and `initdb`: that of the program `POSTGRES_BIN` names, else the first on PATH, else the
 * newest version where packages put it.
 *
 * @throws Error saying what to do when there is none
 */
export function findPostgres(env: NodeJS.ProcessEnv = process.env): string {
  const given = env["POSTGRES_BIN"];
  const onPath = (env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, "postgres"));
  const found = (given ? [given] : [...onPath, ...packaged()]).find(isProgram);
  if (!found) {
    throw new Error(
      `PostgreSQL was not found${given ? ` at POSTGRES_BIN=${given}` : ""}: install it (apt-get install postgresql, or ` +
        `brew install postgresql@17), or set POSTGRES_BIN to its program "postgres"`,
    );
  }
  return dirname(realpathSync(found));
}

/** PostgreSQL refuses to run as root: the user it runs as instead, where we are root. */
export function postgresUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ["postgres", "nobody"]) {
    const [uid, gid] = [idOf("-u", name), idOf("-g", name)];
    if (uid > 0 && gid > 0) return { uid, gid };
  }
  throw new Error("PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody");
}

function packaged(): string[] {
  return HOMES.flatMap(({ folder, prefix }) =>
    versionsIn(folder, prefix).map((version) => join(folder, `${prefix}${version}`, "bin", "postgres")),
  );
}

/** Newest first. */
function versionsIn(folder: string, prefix: string): number[] {
  try {
    const versions = readdirSync(folder)
      .filter((name) => name.startsWith(prefix))
      .map((name) => Number(name.slice(prefix.length)));
    return versions.filter((version) => version > 0).sort((one, other) => other - one);
  } catch {
    return [];
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function idOf(flag: string, name: string): number {
  return Number(spawnSync("id", [flag, name], { encoding: "utf8" }).stdout || 0);
}
