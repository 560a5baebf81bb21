import { createLiveClient } from "@livecache/client";
import type { LifeParts } from "example-kit/application";
import { liveOn } from "example-kit/life";
import type { Act } from "example-kit/life";
import { visit } from "example-kit/visitor";
import type { Visitor } from "example-kit/visitor";
import type { AssessmentAnswer, AttendanceAnswer, StaffDashboard, TeacherDashboard } from "./answers.ts";
import type { SchoolContract } from "./contract.ts";
import { DEMO_PEOPLE } from "./demo-people.ts";
import type { DemoPerson } from "./demo-people.ts";
import { ASSESSMENT_TITLES, DEMO_CHILDREN, LATER_MESSAGES, VISITORS } from "./demo-school.ts";
import { BUS_STATES } from "./vocabulary.ts";

/** A sign-in is good for a quarter of an hour, unless it is renewed; nobody here is about for so long. */
const STAYS_MS = 10 * 60_000;
const TYPES_MS = 1_500;

type As = (person: DemoPerson) => Promise<Visitor>;

const those = (role: DemoPerson["role"]) => DEMO_PEOPLE.filter((person) => person.role === role);
const [TEACHERS, PARENTS, STAFF] = [those("teacher"), those("parent"), those("staff")];

async function read<Answer>(visitor: Visitor, path: string): Promise<Answer> {
  return (await (await visitor.get(path)).json()) as Answer;
}

/** Takes a whole class down, or corrects one student of a class that is. */
function attendanceBy(as: As): Act {
  return async ({ chance }) => {
    const teacher = chance.pick(TEACHERS);
    const visitor = await as(teacher);
    const { classes, ownClassIds } = await read<TeacherDashboard>(visitor, "/api/dashboard");
    const own = chance.pick(classes.filter(({ id }) => ownClassIds.includes(id)));
    const path = `/api/classes/${own.id}/attendance`;
    const { students } = await read<AttendanceAnswer>(visitor, path);
    const open = students.filter(({ mark }) => mark === null);
    const luck = (): "absent" | "late" | "present" =>
      chance.next() < 0.1 ? "absent" : chance.next() < 0.08 ? "late" : "present";
    const one = chance.pick(students);
    const marks =
      open.length > 0
        ? Object.fromEntries(open.map(({ id }) => [id, luck()]))
        : { [one.id]: one.mark === "absent" ? "late" : one.mark === "late" ? "present" : "absent" };
    const response = await visitor.send(`PUT ${path}`, { marks });
    if (!response.ok) return undefined;
    return open.length > 0
      ? `${teacher.name} took attendance of ${own.name}`
      : `${teacher.name} marked ${one.name} ${marks[one.id]}`;
  };
}

/** Grades three of those who lack a grade; when nobody does, there is something new to grade. */
function gradesBy(as: As): Act {
  return async ({ chance }) => {
    const teacher = chance.pick(TEACHERS);
    const visitor = await as(teacher);
    const { assessments, classes } = await read<TeacherDashboard>(visitor, "/api/dashboard");
    const open = assessments.filter(({ graded, students }) => graded < students);
    if (open.length === 0) {
      const { id: classId, name } = chance.pick(classes);
      const title = chance.pick(ASSESSMENT_TITLES);
      const made = await visitor.send("POST /api/assessments", { classId, title });
      return made.ok ? `${teacher.name} collected "${title}" in ${name}` : undefined;
    }
    const { id, title, className } = chance.pick(open);
    const { students } = await read<AssessmentAnswer>(visitor, `/api/assessments/${id}/grades`);
    const next = students.filter(({ points }) => points === null).slice(0, 3);
    const points = Object.fromEntries(next.map((one) => [one.id, 50 + Math.floor(chance.next() * 50)]));
    const response = await visitor.send(`PUT /api/assessments/${id}/grades`, { points });
    return response.ok ? `${teacher.name} graded "${title}" of ${className}` : undefined;
  };
}

/** Somebody types for a moment, and says something: over a socket, as pages do. */
function messageBy(as: As, { url, signal }: LifeParts): Act {
  return async ({ chance }) => {
    const parent = chance.pick(PARENTS);
    const children = DEMO_CHILDREN.filter(({ parents }) => parents.some((id) => id === parent.id));
    const { id: studentId, name } = chance.pick(children);
    const { cookie } = await as(parent);
    const client = createLiveClient<SchoolContract>({ url, headers: () => ({ cookie, origin: url }) });
    try {
      const thread = client.channel("thread/:studentId", { studentId });
      thread.typing();
      await new Promise((resolve) => setTimeout(resolve, signal.aborted ? 0 : TYPES_MS));
      await thread.send("say", { text: chance.pick(LATER_MESSAGES) });
      return `${parent.name} wrote about ${name}`;
    } finally {
      client.close();
    }
  };
}

function deskBy(as: As): Act {
  return async ({ chance }) => {
    const person = chance.pick(STAFF);
    const visitor = await as(person);
    const { visitors, buses } = await read<StaffDashboard>(visitor, "/api/dashboard");
    const inside = visitors.filter(({ leftAt }) => leftAt === null);
    if (chance.next() < 0.3) {
      const bus = chance.pick(buses);
      const state = BUS_STATES[(BUS_STATES.indexOf(bus.state) + 1) % BUS_STATES.length]!;
      const response = await visitor.send(`PUT /api/buses/${bus.id}`, { state });
      return response.ok ? `${person.name} noted: ${bus.name} is ${state}` : undefined;
    }
    if (inside.length > 3) {
      const { id, name } = inside.at(-1)!;
      const response = await visitor.send(`POST /api/visitors/${id}/leave`);
      return response.ok ? `${person.name} saw ${name} off` : undefined;
    }
    const guest = chance.pick(VISITORS);
    const response = await visitor.send("POST /api/visitors", guest);
    return response.ok ? `${person.name} welcomed ${guest.name}` : undefined;
  };
}

/** Teachers take attendance and enter grades, parents write, the front desk has visitors. */
export function life(parts: LifeParts): Promise<void> {
  const signedIn = new Map<string, { readonly atMs: number; readonly visitor: Promise<Visitor> }>();
  const as: As = (person) => {
    const known = signedIn.get(person.id);
    if (known && Date.now() - known.atMs < STAYS_MS) return known.visitor;
    const visitor = visit(parts.url, person);
    signedIn.set(person.id, { atMs: Date.now(), visitor });
    visitor.catch(() => signedIn.delete(person.id));
    return visitor;
  };
  return liveOn(parts, [
    [6, attendanceBy(as)],
    [4, gradesBy(as)],
    [2, messageBy(as, parts)],
    [3, deskBy(as)],
  ]);
}
