import { startNode } from "example-kit/application";
import type { RunningServer } from "example-kit/run-server";
import { visit as visitAs } from "example-kit/visitor";
import type { Visitor } from "example-kit/visitor";
import { application } from "../../src/application.ts";
import { DEMO_PEOPLE } from "../../src/demo-people.ts";
import { DEMO_PROCESSES } from "../../src/demo-plant.ts";

/** Starts one node on nothing but memory, or on a Redis and a database that it shares with others. */
export function startParts(on: { redisUrl?: string; databaseUrl?: string } = {}): Promise<RunningServer> {
  return startNode(application, {
    ...{ port: 0, redisUrl: on.redisUrl, databaseUrl: on.databaseUrl, dataDir: "memory://" },
    secret: "only for tests, long enough to be one",
  });
}

/** Signs one of the demonstration's people in, by the id they have in `demo-people.ts`. */
export function visit(url: string, personId: string): Promise<Visitor> {
  return visitAs(
    url,
    DEMO_PEOPLE.find(({ id }) => id === personId)!,
  );
}

export async function json<T>(response: Response | Promise<Response>): Promise<T> {
  return (await (await response).json()) as T;
}

/** An audit of the grinder on the second line, with what is wrong, by question. */
export function anAudit(faults: Readonly<Record<number, string>> = {}) {
  const questions = DEMO_PROCESSES[4]!.questions.map(([question]) => question);
  return {
    ...{ lineId: 2, machineId: 7, processId: 5, remarks: "Night shift" },
    answers: questions.map((question, at) => ({
      question,
      passed: faults[at] === undefined,
      remark: faults[at] ?? "",
    })),
  };
}
