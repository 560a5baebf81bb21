import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { step } from "./child.mjs";
import { ROOT } from "./ensure.mjs";

const VITE = join(ROOT, "node_modules/vite/bin/vite.js");

/** Besides its own folders, what every set of pages is made from. */
const SHARED = [
  join(ROOT, "examples/kit/web"),
  join(ROOT, "packages/client/dist"),
  join(ROOT, "packages/wire/dist"),
  join(ROOT, "package-lock.json"),
];

/** How many are built at a time. */
const SIDE_BY_SIDE = 2;

/** Builds the pages of the examples and the console, but for those that are newer than everything they are made from. */
export async function ensurePages() {
  const left = workspacesWithPages().filter((folder) => !isBuilt(folder));
  async function build() {
    for (let folder = left.shift(); folder !== undefined; folder = left.shift()) {
      await step(`vite build of the pages of ${basename(folder)}`, process.execPath, [
        ...[VITE, "build", "--config", join(folder, "web/vite.config.ts"), "--logLevel", "warn"],
      ]);
    }
  }
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, build));
}

function isBuilt(folder) {
  const built = join(folder, "dist-web/index.html");
  const inputs = [join(folder, "web"), join(folder, "src"), ...SHARED];
  return existsSync(built) && newest(inputs) <= statSync(built).mtimeMs;
}

/** The folders of workspaces whose pages a bundler builds. */
function workspacesWithPages() {
  return ["packages", "examples"]
    .flatMap((parent) => readdirSync(join(ROOT, parent)).map((name) => join(ROOT, parent, name)))
    .filter((folder) => existsSync(join(folder, "web/index.html")));
}

/** When the newest of these files, or of the files in these folders, was written; 0 without any. */
function newest(paths) {
  const times = paths.map((path) => {
    const stat = statSync(path);
    return stat.isDirectory() ? newest(readdirSync(path).map((name) => join(path, name))) : stat.mtimeMs;
  });
  return Math.max(0, ...times);
}
