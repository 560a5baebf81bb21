/**
 * Limits that a file may break, each with its reason.
 * @type {readonly { path: string, limit: "file" | "function" | "parameters" | "name", reason: string }[]}
 */
export const EXCEPTIONS = [
  {
    path: "packages/server/src/express/live-errors.ts",
    limit: "parameters",
    reason: "Express knows an error handler by its four parameters.",
  },
  {
    path: "examples/kit/src/problem.ts",
    limit: "parameters",
    reason: "Express knows an error handler by its four parameters.",
  },
  {
    path: "packages/server/src/live/event.ts",
    limit: "parameters",
    reason: "live.event(pattern, params, name, data) reads in the order of the contract that types it.",
  },
  {
    path: "packages/server/src/assembly/create-live.ts",
    limit: "parameters",
    reason: "Types live.event, whose four parameters are inferred one from the other.",
  },
];
