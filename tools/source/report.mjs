import { fileURLToPath } from "node:url";

/** The root of this repository. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Prints what a check found and ends the process with 1 when there is a problem. Notes never fail it. */
export function report({ problems, notes = [], good }) {
  for (const note of notes) console.log(`note: ${note}`);
  for (const problem of problems) console.log(problem);
  if (problems.length === 0) console.log(good);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
