import { resolve } from "../source/project.mjs";

/**
 * Finds circles of imports among files; type imports count.
 * @param {import("../source/project.mjs").Project} project
 * @returns {string[]} one sentence for each circle, with its files in order
 */
export function findCycles(project) {
  const done = new Set();
  const path = [];
  const circles = [];
  const visit = (file) => {
    const at = path.indexOf(file);
    if (at >= 0) {
      circles.push([...path.slice(at), file]);
      return;
    }
    if (done.has(file)) return;
    path.push(file);
    for (const next of targetsOf(project, file)) visit(next);
    path.pop();
    done.add(file);
  };
  for (const file of project.files.keys()) visit(file);
  return circles.map((files) => `cycle: ${files.join(" -> ")}. Rule: no circle of imports, types included.`);
}

function targetsOf(project, file) {
  const targets = new Set();
  for (const { specifier } of project.files.get(file).imports) {
    const target = specifier && resolve(project, file, specifier);
    if (target && project.files.has(target)) targets.add(target);
  }
  return targets;
}
