import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { step } from "./child.mjs";
import { ROOT } from "./ensure.mjs";

/** Besides its own folders, what every set of pages is made from. */
const SHARED = [
  join(ROOT, "examples/kit/web"),
  join(ROOT, "packages/client/dist"),
  join(ROOT, "packages/wire/dist"),
  join(ROOT, "package-lock.json"),
];

/** Builds the pages of the examples and the console, but for those that are newer than everything they are made from. */
export async function ensurePages() {
  for (const folder of workspacesWithPages()) {
    const built = join(folder, "dist-web/index.html");
    const inputs = [join(folder, "web"), join(folder, "src"), ...SHARED];
    if (existsSync(built) && newest(inputs) <= statSync(built).mtimeMs) continue;
    await step(`vite build of the pages of ${basename(folder)}`, "npm", ["run", "build:web", "-w", folder]);
  }
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
