import { readFile, readdir, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { CommandFailure, EXIT, wrongUse } from "../failure.ts";

/** An Express application that was found. */
export interface FoundApplication {
  /** The file with `express()`, relative to the folder. */
  readonly file: string;
  /** With plain line feeds. */
  readonly text: string;
  /** Whether its lines end with carriage returns as well. */
  readonly hasReturns: boolean;
  readonly manager: PackageManager;
  /** Packages that it needs and does not name yet. */
  readonly lacks: readonly string[];
}

/** Who installs its packages. */
export interface PackageManager {
  readonly name: "npm" | "pnpm" | "yarn" | "bun";
  /** Its words for taking packages in. */
  readonly add: readonly string[];
}

const MANAGERS: readonly (readonly [lock: string, manager: PackageManager])[] = [
  ["pnpm-lock.yaml", { name: "pnpm", add: ["add"] }],
  ["yarn.lock", { name: "yarn", add: ["add"] }],
  ["bun.lock", { name: "bun", add: ["add"] }],
  ["bun.lockb", { name: "bun", add: ["add"] }],
];

const EXPRESS_CALL = /\bexpress\(\)/;
const SOURCE = /\.(?:[cm]?[jt]s)$/;
const NOT_OURS = /^(?:node_modules|dist|build|coverage|out|public|tests?|__tests__|\..*)$/;
const MOST_FILES = 2_000;

/** Finds the application in a folder. Rejects with a `CommandFailure` that says what was looked for. */
export async function findApplication(folder: string, app: string | undefined): Promise<FoundApplication> {
  const manifest = await readManifest(folder);
  const named = { ...manifest.dependencies, ...manifest.devDependencies };
  if (!("express" in named)) {
    throw new CommandFailure(
      EXIT.problem,
      "no-express",
      `${join(folder, "package.json")} names no express. livecache init adds Livecache to Express applications; for Fastify and Hono see docs/how-to.`,
    );
  }
  const file = app ?? (await findFile(folder));
  const text = await readFile(join(folder, file), "utf8").catch(() => undefined);
  if (text === undefined) throw wrongUse(`--app: there is no file ${file}.`);
  return {
    file,
    text: text.replaceAll("\r\n", "\n"),
    hasReturns: text.includes("\r\n"),
    manager: await managerOf(folder),
    lacks: ["livecache", "socket.io"].filter((name) => !(name in named)),
  };
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, "package.json");
  try {
    return JSON.parse(await readFile(path, "utf8")) as Manifest;
  } catch {
    throw new CommandFailure(
      EXIT.problem,
      "no-package",
      `${path} cannot be read: run this in the folder of an application, or name it: livecache init <folder>.`,
    );
  }
}

async function findFile(folder: string): Promise<string> {
  const found: string[] = [];
  for (const path of await sourcesIn(folder)) {
    if (EXPRESS_CALL.test(await readFile(path, "utf8")))
      found.push(relative(folder, path).split(sep).join("/"));
  }
  if (found.length === 1) return found[0]!;
  if (found.length === 0) {
    throw new CommandFailure(
      EXIT.problem,
      "no-application",
      `No file in ${folder} has \`express()\` in it. Name the one that makes the application with --app.`,
    );
  }
  throw wrongUse(
    `${found.length} files have \`express()\` in them: ${found.slice(0, 10).join(", ")}. Say which with --app.`,
  );
}

async function sourcesIn(root: string): Promise<string[]> {
  const found: string[] = [];
  const folders = [root];
  for (
    let folder = folders.shift();
    folder !== undefined && found.length < MOST_FILES;
    folder = folders.shift()
  ) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (entry.isDirectory() && !NOT_OURS.test(entry.name)) folders.push(join(folder, entry.name));
      if (entry.isFile() && SOURCE.test(entry.name) && !/\.(?:test|spec|d)\./.test(entry.name))
        found.push(join(folder, entry.name));
    }
  }
  return found;
}

/** By the lock file; of a workspace it stands further up. */
async function managerOf(folder: string): Promise<PackageManager> {
  for (let at = folder; ; at = join(at, "..")) {
    for (const [lock, manager] of MANAGERS) if (await isThere(join(at, lock))) return manager;
    if (
      (await isThere(join(at, "package-lock.json"))) ||
      (await isThere(join(at, ".git"))) ||
      at === join(at, "..")
    )
      break;
  }
  return { name: "npm", add: ["install"] };
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
