import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SetupError, step } from "./child.mjs";
import { dependenciesAreCurrent } from "./dependencies.mjs";

/** The root of the repository. This file uses nothing that is not part of Node, so that it runs on a fresh clone. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Refuses a Node that the packages do not support. */
export function ensureNode(version = process.versions.node) {
  const [major, minor] = version.split(".").map(Number);
  if ((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22) return;
  throw new SetupError(
    `This is Node ${version}. Livecache needs Node 20.19 or newer of line 20, or 22.12 or newer: https://nodejs.org`,
  );
}

/** Installs the dependencies when they are not there or not those of the lockfile. */
async function ensureDependencies() {
  if (dependenciesAreCurrent(ROOT)) return;
  await step("npm ci (the first time takes a minute)", "npm", [
    "ci",
    "--include=dev",
    "--no-fund",
    "--no-audit",
  ]);
}

/** Builds every package. */
async function ensureBuild() {
  await step("tsc -b", process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "-b", ROOT]);
}

/** Everything that any script needs: the right Node, dependencies, and built packages. */
export async function ensureReady() {
  ensureNode();
  process.chdir(ROOT);
  await ensureDependencies();
  await ensureBuild();
}
