import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { run } from "./child.mjs";

/**
 * @typedef {object} Program something of the system that tests start
 * @property {string} title
 * @property {string} variable of the environment: a path that is used instead of searching
 * @property {readonly string[]} names what it is called on PATH, or where it lies
 * @property {string} aptPackage
 * @property {string} brew what Homebrew is told to install
 * @property {string} suites the test files that need it
 * @property {string} skipVariable tells vitest to leave those out
 * @property {string} requireVariable set to 1 by who wants no suite left out
 * @property {() => () => void} [beforeInstall] what makes its package harmless; answers what takes that back
 */

/** @type {Program} */
export const REDIS = {
  title: "redis-server",
  variable: "REDIS_SERVER",
  names: ["redis-server", "valkey-server"],
  aptPackage: "redis-server",
  brew: "redis",
  suites: "*.redis.*",
  skipVariable: "LIVECACHE_SKIP_REDIS",
  requireVariable: "REQUIRE_REDIS",
};

const VERSIONS = [18, 17, 16, 15, 14];

/** @type {Program} */
export const POSTGRES = {
  title: "PostgreSQL",
  variable: "POSTGRES_BIN",
  names: [
    "postgres",
    ...VERSIONS.map((version) => `/usr/lib/postgresql/${version}/bin/postgres`),
    ...VERSIONS.map((version) => `/opt/homebrew/opt/postgresql@${version}/bin/postgres`),
    ...VERSIONS.map((version) => `/usr/local/opt/postgresql@${version}/bin/postgres`),
  ],
  aptPackage: "postgresql",
  brew: "postgresql@17",
  suites: "*.postgres.*",
  skipVariable: "LIVECACHE_SKIP_POSTGRES",
  requireVariable: "REQUIRE_POSTGRES",
  beforeInstall: () => withoutCluster("/etc/postgresql-common/createcluster.d"),
};

/** @type {Program} */
export const CHROMIUM = {
  title: "Chromium",
  variable: "CHROMIUM",
  names: [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
  ],
  aptPackage: "chromium",
  brew: "--cask chromium",
  suites: "*.browser.*",
  skipVariable: "LIVECACHE_SKIP_BROWSER",
  requireVariable: "REQUIRE_BROWSER",
};

/**
 * Where a program is that can be run; undefined when there is none.
 * @param {Program} program
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined}
 */
export function findProgram({ variable, names }, env = process.env) {
  const given = env[variable];
  const folders = (env["PATH"] ?? "").split(delimiter);
  const places = given
    ? [given]
    : names.flatMap((name) => (isAbsolute(name) ? name : folders.map((at) => join(at, name))));
  return places.find((place) => isExecutable(place) && answers(place));
}

/**
 * Finds a program, or installs it where that can be done without asking: as root on Debian and Ubuntu.
 * @param {Program} program
 * @returns {Promise<string | undefined>}
 */
export async function ensureProgram(program) {
  const found = findProgram(program);
  if (found || process.env[program.variable] || !mayInstall()) return found;
  console.error(`> apt-get install ${program.aptPackage}`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const afterInstall = program.beforeInstall?.();
  await run("apt-get", ["-qq", "update"], { chatter: true, env });
  await run("apt-get", ["-qq", "-y", "install", program.aptPackage], { chatter: true, env });
  afterInstall?.();
  return findProgram(program);
}

/**
 * Debian's package makes a database on port 5432 and starts it, which nobody asked for: only the program is wanted.
 * Answers what lets later installations do so again.
 */
export function withoutCluster(folder) {
  const file = join(folder, "livecache.conf");
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, "create_main_cluster = false\n");
  return () => rmSync(file, { force: true });
}

/**
 * How somebody gets a program that was not found.
 * @param {Program} program
 */
export function installHint({ title, variable, aptPackage, brew }) {
  const install =
    process.platform === "darwin"
      ? `brew install ${brew}`
      : `sudo apt-get update && sudo apt-get install -y ${aptPackage}`;
  const given = process.env[variable];
  if (given)
    return `${variable}=${given} is not a ${title} that runs. Correct it, or unset it to search PATH.`;
  return `${title} was not found. Install it: ${install}\nor set ${variable} to where it is.`;
}

function mayInstall() {
  return process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Ubuntu puts a script in Chromium's place that only says where to get it: so the program is asked for its version. */
function answers(path) {
  return spawnSync(path, ["--version"], { timeout: 20_000, stdio: "ignore" }).status === 0;
}
