import { exportsOf, identifierCounts } from "../source/parse.mjs";
import { isTest, resolve } from "../source/project.mjs";

/**
 * Finds exported names that nobody needs. A name is alive when
 *
 * - its file is a public entry of a package (`exports` in package.json), or
 * - another source file imports it (a whole-module import keeps every name alive), or
 * - a test imports it and its own file uses it too: then it is live code that is also tested apart.
 *
 * So code that only its test keeps alive is dead. Test support (`test/` folders) and `tools` lives when anything
 * imports it, tests included. Tests themselves and configuration files are not judged.
 */

/**
 * @param {import("../source/project.mjs").Project} project
 * @returns {string[]} one sentence for each dead export
 */
export function findDeadExports(project) {
  const entries = new Set(project.workspaces.flatMap((workspace) => [...workspace.entries.values()]));
  const uses = collectUses(project);
  const problems = [];
  for (const { path, syntax } of project.files.values()) {
    if (entries.has(path) || JUDGED_ELSEWHERE.test(path)) continue;
    const counts = identifierCounts(syntax);
    for (const { name, local, line } of exportsOf(syntax)) {
      const users = uses.get(path);
      const by = (kind) => users?.has(`${kind} ${name}`) || users?.has(`${kind} *`);
      const usedInside = counts.get(local) > 1;
      const alive = by("source") || (by("test") && (usedInside || isTest(path)));
      if (name === "*") problems.push(`${path}:${line}: export * hides names; list them.`);
      else if (!alive) problems.push(`${path}:${line}: ${name} is exported, but ${whyDead(by("test"), usedInside)}.`);
    }
  }
  return problems;
}

const JUDGED_ELSEWHERE = /(\.test\.(ts|tsx|mjs)|(^|\/)[a-z]+\.config\.ts)$/;

function whyDead(byTest, usedInside) {
  if (byTest) return "only a test uses it";
  return usedInside ? "only its own file uses it: drop the word export" : "nothing uses it";
}

/** For each file, what others take from it: `source name` or `test name`, with `*` for everything. */
function collectUses(project) {
  const uses = new Map();
  for (const { path, imports } of project.files.values()) {
    const kind = isTest(path) ? "test" : "source";
    for (const { specifier, names } of imports) {
      const target = specifier && resolve(project, path, specifier);
      if (!target) continue;
      if (!uses.has(target)) uses.set(target, new Set());
      for (const name of names) uses.get(target).add(`${kind} ${name}`);
    }
  }
  return uses;
}
