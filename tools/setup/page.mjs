import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { step } from "./child.mjs";
import { ROOT } from "./ensure.mjs";

const EXAMPLE = join(ROOT, "examples/hostel-issues");
const BUILT = join(EXAMPLE, "dist-web/index.html");
const INPUTS = [
  join(EXAMPLE, "web"),
  join(EXAMPLE, "src"),
  join(ROOT, "examples/kit/web"),
  join(ROOT, "packages/client/dist"),
  join(ROOT, "packages/wire/dist"),
  join(ROOT, "package-lock.json"),
];

/** Builds the example's page, unless the built one is newer than everything it is made from. */
export async function ensurePage() {
  if (existsSync(BUILT) && newest(INPUTS) <= statSync(BUILT).mtimeMs) return;
  await step("vite build of the example's page", "npm", ["run", "build:web", "-w", "hostel-issues"]);
}

/** When the newest of these files, or of the files in these folders, was written; 0 without any. */
function newest(paths) {
  const times = paths.map((path) => {
    const stat = statSync(path);
    return stat.isDirectory() ? newest(readdirSync(path).map((name) => join(path, name))) : stat.mtimeMs;
  });
  return Math.max(0, ...times);
}
