import { fileURLToPath } from "node:url";

/** The root of this repository. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Prints what a check found, and lets the process end with 1 when there is a problem.
 * @param {{ problems: readonly string[], notes?: readonly string[], good: string }} found notes never fail a check
 */
export function report({ problems, notes = [], good }) {
  for (const note of notes) console.log(`note: ${note}`);
  for (const problem of problems) console.log(problem);
  if (problems.length === 0) console.log(good);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
