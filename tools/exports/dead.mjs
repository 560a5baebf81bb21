import { exportsOf, identifierCounts } from "../source/parse.mjs";
import { isTest, resolve } from "../source/project.mjs";

/**
 * Finds exported names that nobody needs. A name is alive when
 *
 * - its file is a public entry of a package (`exports` in package.json), or
 * - another source file imports it (a whole-module import keeps every name alive), or
 * - it is a type that its own file uses: it then names a part of what the file promises, or
 * - a test imports it and its own file uses it too: then it is live code that is also tested apart.
 *
 * So code that only its test keeps alive is dead. Test support (`test/` folders) lives when anything imports it.
 * Tests themselves and configuration files are not judged.
 *
 * @param {import("../source/project.mjs").Project} project
 * @returns {string[]} one sentence for each dead export
 */
export function findDeadExports(project) {
  const entries = new Set(project.workspaces.flatMap((workspace) => [...workspace.entries.values()]));
  const uses = collectUses(project);
  const problems = [];
  for (const { path, syntax } of project.files.values()) {
    if (entries.has(path) || NOT_JUDGED.test(path)) continue;
    const counts = identifierCounts(syntax);
    const users = uses.get(path) ?? new Set();
    for (const { name, local, isType, line } of exportsOf(syntax)) {
      const by = (kind) => users.has(`${kind} ${name}`) || users.has(`${kind} *`);
      const inside = (counts.get(local) ?? 0) > 1;
      const alive = by("source") || (inside && isType) || (by("test") && (inside || isTest(path)));
      const fault = `${name} is exported, but ${whyDead(by("test"), inside)}.`;
      if (name === "*") problems.push(`${path}:${line}: export * hides names; list them.`);
      else if (!alive) problems.push(`${path}:${line}: ${fault}`);
    }
  }
  return problems;
}

const NOT_JUDGED = /(\.test\.(ts|tsx|mjs)|(^|\/)[a-z]+\.config\.ts)$/;

function whyDead(byTest, inside) {
  if (byTest) return "only a test uses it";
  return inside ? "only its own file uses it: drop the word export" : "nothing uses it";
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
