import { judgeName } from "./names.mjs";
import { measure } from "./measure.mjs";

const GENERATED = /\.gen\.ts$/;

/**
 * Judges the size and name of every file.
 * @param {import("../source/project.mjs").Project} project
 * @param {typeof import("./exceptions.mjs").EXCEPTIONS} exceptions
 * @returns {{ problems: string[], notes: string[] }} notes are warnings
 */
export function judgeSizes(project, exceptions) {
  const entries = new Set(project.workspaces.flatMap((workspace) => [...workspace.entries.values()]));
  const problems = [];
  const notes = [];
  const unused = new Set(exceptions);
  for (const file of project.files.values()) {
    const findings = [...(GENERATED.test(file.path) ? [] : measure(file)), ...judgeName(file.path, entries)];
    for (const { limit, message, warning } of findings) {
      const exception = exceptions.find((entry) => entry.path === file.path && entry.limit === limit);
      if (exception) unused.delete(exception);
      else (warning ? notes : problems).push(message);
    }
  }
  for (const { path, limit } of unused) {
    problems.push(`${path}: keeps the limit "${limit}", so tools/sizes/exceptions.mjs need not except it.`);
  }
  return { problems, notes };
}
