import { DEMO_HOSTELS, DEMO_PEOPLE } from "../demo-people.ts";
import { DEMO_ANNOUNCEMENTS, DEMO_REPORTS } from "../demo-reports.ts";
import { hashPassword } from "example-kit/passwords";
import { createChance } from "example-kit/chance";
import type { Chance } from "example-kit/chance";
import type { Status } from "../vocabulary.ts";
import type { Database } from "./database.ts";
import { announcements, hostels, issueSteps, issues, people } from "./schema.ts";

const HOUR_MS = 3_600_000;
const DAYS = 14;
const ISSUES = 64;

/** Fills an empty database with hostels, people and the last two weeks of their life. A filled one is left alone. */
export async function seed(db: Database): Promise<void> {
  const [known] = await db.select().from(hostels).limit(1);
  if (known) return;
  await db.insert(hostels).values([...DEMO_HOSTELS]);
  await db.insert(people).values(
    await Promise.all(
      DEMO_PEOPLE.map(async ({ password, ...person }) => ({
        ...person,
        passwordHash: await hashPassword(password),
      })),
    ),
  );
  await seedIssues(db);
  await db.insert(announcements).values(
    DEMO_ANNOUNCEMENTS.slice(0, 3).map((announcement, index) => ({
      ...announcement,
      hostelId: index === 0 ? "aspen" : index === 1 ? null : "birch",
      authorId: index === 0 ? "grace" : index === 1 ? "elena" : "henrik",
      createdAt: hoursAgo(60 - index * 20),
    })),
  );
}

async function seedIssues(db: Database): Promise<void> {
  const chance = createChance(7);
  const students = DEMO_PEOPLE.filter((person) => person.role === "student");
  for (let index = 0; index < ISSUES; index += 1) {
    const reporter = chance.pick(students);
    const hostelId = reporter.hostelId!;
    // Denser towards today, and uneven, as such things are.
    const createdHoursAgo = ((ISSUES - index - chance.next()) / ISSUES) ** 1.25 * DAYS * 24;
    const steps = demoSteps(chance, createdHoursAgo);
    const last = steps.at(-1)!;
    const [issue] = await db
      .insert(issues)
      .values({
        ...chance.pick(DEMO_REPORTS),
        hostelId,
        reporterId: reporter.id,
        status: last.status,
        createdAt: steps[0]!.at,
        updatedAt: last.at,
        resolvedAt: last.status === "resolved" ? last.at : null,
      })
      .returning({ id: issues.id });
    const warden = DEMO_PEOPLE.find((person) => person.role === "warden" && person.hostelId === hostelId)!;
    await db.insert(issueSteps).values(
      steps.map((step, at) => ({
        ...step,
        issueId: issue!.id,
        personId: at === 0 ? reporter.id : warden.id,
      })),
    );
  }
}

/** How far an issue of this age has come: begun within a day or so, resolved days later, unless that is still to come. */
function demoSteps(chance: Chance, createdHoursAgo: number): { status: Status; at: Date }[] {
  const startedHoursAgo = createdHoursAgo - 2 - chance.next() * 28;
  const resolvedHoursAgo = startedHoursAgo - 2 - chance.next() * 90;
  const steps: { status: Status; at: Date }[] = [{ status: "open", at: hoursAgo(createdHoursAgo) }];
  if (startedHoursAgo > 0) steps.push({ status: "in_progress", at: hoursAgo(startedHoursAgo) });
  if (resolvedHoursAgo > 0) steps.push({ status: "resolved", at: hoursAgo(resolvedHoursAgo) });
  return steps;
}

function hoursAgo(hours: number): Date {
  return new Date(Date.now() - hours * HOUR_MS);
}
