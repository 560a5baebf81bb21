import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { importsOf, parse } from "./parse.mjs";

/**
 * @typedef {object} Workspace a folder with a package.json
 * @property {string} name
 * @property {string} folder relative to the root; "" for the root itself
 * @property {ReadonlyMap<string, string>} entries public specifier (`livecache/redis`) to the source file behind it
 * @property {readonly { from: readonly string[], to: string, sourceOf: (path: string) => string }[]} patterns public specifiers with a
 *   star (`kit/web/*`), as what stands before and behind it, and what they lead to
 * @property {ReadonlySet<string>} runtime packages it declares for its users
 * @property {ReadonlySet<string>} development packages it declares for its own tests
 */

/**
 * @typedef {object} SourceFile
 * @property {string} path relative to the root, with slashes
 * @property {string} text
 * @property {ReturnType<typeof parse>} syntax
 * @property {readonly import("./parse.mjs").Import[]} imports
 */

/**
 * @typedef {object} Project
 * @property {string} root
 * @property {readonly Workspace[]} workspaces the root is the last
 * @property {ReadonlyMap<string, SourceFile>} files every source file, by path
 */

/** Templates are applications of their own, with packages of their own. */
const SKIPPED = new Set(["node_modules", "dist", "dist-web", ".data", ".git", "coverage", "template"]);
const SOURCE = /\.(ts|tsx|mts|mjs)$/;
const TEST = /(\.test\.(ts|tsx|mjs)$)|((^|\/)test(ing)?\/)/;

/** Whether a path is a test or lies in a folder of test support. */
export function isTest(path) {
  return TEST.test(path);
}

/**
 * Reads and parses every source file of the repository. Throws when one cannot be parsed.
 * @param {string} root
 * @returns {Project}
 */
export function readProject(root) {
  const manifest = readJson(join(root, "package.json"));
  const folders = [...manifest.workspaces.flatMap((pattern) => expand(root, pattern)), ""];
  const files = new Map();
  for (const path of sourcePaths(root, "")) {
    const text = readFileSync(join(root, path), "utf8");
    const syntax = parse(path, text);
    files.set(path, { path, text, syntax, imports: importsOf(syntax) });
  }
  return { root, workspaces: folders.map((folder) => readWorkspace(root, folder)), files };
}

/** The workspace a file belongs to. */
export function workspaceOf(project, path) {
  return project.workspaces.find(({ folder }) => folder === "" || path.startsWith(`${folder}/`));
}

/** The file a specifier leads to, by relative path or by the public entry of a workspace; undefined when outside. */
export function resolve(project, fromPath, specifier) {
  if (specifier.startsWith(".")) return posix.join(posix.dirname(fromPath), specifier);
  for (const { entries, patterns } of project.workspaces) {
    const path = entries.get(specifier) ?? byPattern(patterns, specifier);
    if (path !== undefined) return path;
  }
  return undefined;
}

/** The longest pattern decides, as Node has it. */
function byPattern(patterns, specifier) {
  const fits = ({ from }) => specifier.startsWith(from[0]) && specifier.endsWith(from[1]);
  const [found] = patterns.filter(fits).toSorted((a, b) => b.from[0].length - a.from[0].length);
  if (!found) return undefined;
  const name = specifier.slice(found.from[0].length, specifier.length - found.from[1].length);
  return found.sourceOf(found.to.replace("*", name));
}

function sourcePaths(root, folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : sourcePaths(root, path);
    return entry.isFile() && SOURCE.test(entry.name) && !entry.name.endsWith(".d.ts") ? [path] : [];
  });
}

function expand(root, pattern) {
  if (!pattern.endsWith("/*")) return existsSync(join(root, pattern, "package.json")) ? [pattern] : [];
  const parent = pattern.slice(0, -2);
  if (!existsSync(join(root, parent))) return [];
  return readdirSync(join(root, parent))
    .map((name) => `${parent}/${name}`)
    .filter((folder) => existsSync(join(root, folder, "package.json")));
}

function readWorkspace(root, folder) {
  const manifest = readJson(join(root, folder, "package.json"));
  const entries = new Map();
  const patterns = [];
  for (const [subpath, target] of Object.entries(manifest.exports ?? {})) {
    const built = posix.join(folder, typeof target === "string" ? target : target.default);
    const name = posix.join(manifest.name, subpath);
    if (!subpath.includes("*")) entries.set(name, sourceOf(root, built));
    else patterns.push({ from: name.split("*"), to: built, sourceOf: (path) => sourceOf(root, path) });
  }
  return {
    name: manifest.name,
    folder,
    entries,
    patterns,
    runtime: new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })),
    development: new Set(Object.keys(manifest.devDependencies ?? {})),
  };
}

function sourceOf(root, built) {
  if (!built.includes("/dist/")) return built;
  const stem = built.replace("/dist/", "/src/").replace(/\.js$/, "");
  return existsSync(join(root, `${stem}.tsx`)) ? `${stem}.tsx` : `${stem}.ts`;
}

function readJson(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}
