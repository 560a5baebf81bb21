import { demoOf } from "example-kit/testing/demo.ts";
import { startExample } from "example-kit/testing/example-process.ts";
import type { ExampleProcess } from "example-kit/testing/example-process.ts";
import { application } from "../../src/application.ts";
import { DEMO_PEOPLE } from "../../src/demo-people.ts";

const MAIN = new URL("../../dist/main.js", import.meta.url);

/** Starts the built example in a process of its own. */
export function startRoads(env: Readonly<Record<string, string>>): Promise<ExampleProcess> {
  return startExample(MAIN, env);
}

export const { startHere } = demoOf(application, DEMO_PEOPLE);
