import { startExample } from "example-kit/testing/example-process.ts";
import type { ExampleProcess } from "example-kit/testing/example-process.ts";

const MAIN = new URL("../../dist/main.js", import.meta.url);

/** Starts the built example with these variables. */
export function startHostel(env: Readonly<Record<string, string>>): Promise<ExampleProcess> {
  return startExample(MAIN, env);
}
