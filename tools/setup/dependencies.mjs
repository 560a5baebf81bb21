import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Whether `node_modules` holds what `package-lock.json` asks for. npm writes down what it has installed; that list is
 * compared by content, because a fresh checkout gives an old lockfile a new date. Packages for other systems are
 * optional and may be missing.
 */
export function dependenciesAreCurrent(root) {
  const wanted = readPackages(join(root, "package-lock.json"));
  const installed = readPackages(join(root, "node_modules/.package-lock.json"));
  if (!wanted || !installed) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    const isRoot = path === "";
    if (isRoot || (entry.optional && !installed[path])) return true;
    return JSON.stringify(installed[path]) === JSON.stringify(entry);
  });
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8")).packages;
  } catch {
    return undefined;
  }
}
