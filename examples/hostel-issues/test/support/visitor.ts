import { demoOf } from "example-kit/testing/demo.ts";
import { application } from "../../src/application.ts";
import { DEMO_PEOPLE } from "../../src/demo-people.ts";

export const { openWindow, startHere, visit } = demoOf(application, DEMO_PEOPLE);

/** An issue as somebody would report it in Aspen House, or elsewhere. */
export function anIssue(title: string, hostelId = "aspen") {
  return { hostelId, title, place: "Kitchen", category: "plumbing", description: "", priority: "normal" };
}
