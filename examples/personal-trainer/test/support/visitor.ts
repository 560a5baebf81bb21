import type { Sourced } from "../../src/answers.ts";
import { demoOf } from "example-kit/testing/demo.ts";
import type { Visitor } from "example-kit/visitor";
import { application } from "../../src/application.ts";
import { DEMO_PEOPLE } from "../../src/demo-people.ts";

export const { openWindow, startHere, visit } = demoOf(application, DEMO_PEOPLE);

/** What a visitor reads there. */
export async function read<T>(visitor: Visitor, path: string): Promise<Sourced<T>> {
  const response = await visitor.get(path);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Sourced<T>;
}

/** A workout of one exercise: 3 sets of 5. */
export function aWorkout(title: string, weightKg = 60, exerciseId = "squat") {
  return { title, minutes: 30, notes: "", entries: [{ exerciseId, sets: 3, reps: 5, weightKg }] };
}
