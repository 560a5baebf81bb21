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

/** An issue as somebody would report it in Aspen House, or elsewhere. */
export function anIssue(title: string, hostelId = "aspen") {
  return { hostelId, title, place: "Kitchen", category: "plumbing", description: "", priority: "normal" };
}
