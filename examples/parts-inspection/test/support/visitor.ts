import { demoOf } from "example-kit/testing/demo.ts";
import { application } from "../../src/application.ts";
import { DEMO_PEOPLE } from "../../src/demo-people.ts";
import { DEMO_PROCESSES } from "../../src/demo-plant.ts";

export const { startHere, visit } = demoOf(application, DEMO_PEOPLE);

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
