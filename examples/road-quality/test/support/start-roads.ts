import { startNode } from "example-kit/application";
import type { RunningServer } from "example-kit/run-server";
import type { Settings } from "example-kit/settings";
import { startExample } from "example-kit/testing/example-process.ts";
import type { ExampleProcess } from "example-kit/testing/example-process.ts";
import { application } from "../../src/application.ts";

const MAIN = new URL("../../dist/main.js", import.meta.url);

/** Starts the built example in a process of its own. */
export function startRoads(env: Readonly<Record<string, string>>): Promise<ExampleProcess> {
  return startExample(MAIN, env);
}

/** Starts a node in this process, on nothing but memory unless told otherwise. */
export function startHere(settings: Partial<Settings> = {}): Promise<RunningServer> {
  return startNode(application, {
    port: 0,
    redisUrl: undefined,
    databaseUrl: undefined,
    dataDir: "memory://",
    secret: undefined,
    ...settings,
  });
}
