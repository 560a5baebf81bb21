import type { Sourced } from "../../src/answers.ts";
import { visit as visitAs } from "example-kit/visitor";
import type { Visitor } from "example-kit/visitor";
import { DEMO_PEOPLE } from "../../src/demo-people.ts";

/** Signs one of the demonstration's people in, by the id they have in `demo-people.ts`. */
export function visit(url: string, personId: string): Promise<Visitor> {
  return visitAs(
    url,
    DEMO_PEOPLE.find(({ id }) => id === personId)!,
  );
}

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
