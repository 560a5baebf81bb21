import { createChance } from "example-kit/chance";
import type { Chance } from "example-kit/chance";
import { hashPassword } from "example-kit/passwords";
import { DEMO_EXERCISES } from "../demo-exercises.ts";
import { DEMO_PEOPLE } from "../demo-people.ts";
import type { DemoPerson } from "../demo-people.ts";
import { DEMO_REMARKS, DEMO_SESSIONS, demoWorkouts } from "../demo-workouts.ts";
import type { Database } from "./database.ts";
import {
  attendances,
  comments,
  entries,
  exercises,
  goals,
  groupSessions,
  people,
  preferences,
  workouts,
} from "./schema.ts";

const HOUR_MS = 3_600_000;

/** Fills an empty database with trainers, members and eight weeks of their workouts. A filled one is left alone. */
export async function seed(db: Database): Promise<void> {
  const [known] = await db.select({ id: people.id }).from(people).limit(1);
  if (known) return;
  await db.insert(people).values(
    await Promise.all(
      DEMO_PEOPLE.map(async ({ password, strength: _strength, ...person }) => ({
        ...person,
        passwordHash: await hashPassword(password),
      })),
    ),
  );
  await db.insert(exercises).values(DEMO_EXERCISES.map(({ startKg: _startKg, ...exercise }) => exercise));
  const members = DEMO_PEOPLE.filter(({ role }) => role === "member");
  const chance = createChance(11);
  for (const member of members) await seedMember(db, chance, member);
  await seedSessions(db, chance);
}

async function seedMember(db: Database, chance: Chance, member: DemoPerson): Promise<void> {
  const { id: userId, trainerId, weeklyTarget, strength } = member;
  const favourites = ["bench-press", "squat", "deadlift", "pull-up", "overhead-press"].filter(
    () => chance.next() < 0.6,
  );
  await db.insert(preferences).values({ userId, unit: "kg", restSeconds: 90, favourites, muscle: "chest" });
  const squat = 85 * strength;
  await db.insert(goals).values([
    { userId, kind: "weekly_workouts", target: weeklyTarget },
    { userId, kind: "weekly_volume", target: Math.round((weeklyTarget * 4_200 * strength) / 500) * 500 },
    { userId, kind: "lift", exerciseId: "squat", target: Math.round(squat / 5) * 5 },
  ]);
  const done = demoWorkouts(chance, member, Date.now());
  if (done.length === 0) return;
  const written = await db
    .insert(workouts)
    .values(done.map(({ entries: _entries, ...workout }) => ({ ...workout, userId })))
    .returning({ id: workouts.id, finishedAt: workouts.finishedAt });
  await db
    .insert(entries)
    .values(
      done.flatMap((workout, index) =>
        workout.entries.map((entry, place) => ({ ...entry, place, workoutId: written[index]!.id })),
      ),
    );
  if (!trainerId) return;
  const remarks = written.slice(-6).filter(() => chance.next() < 0.55);
  if (remarks.length === 0) return;
  await db.insert(comments).values(
    remarks.map(({ id, finishedAt }) => ({
      workoutId: id,
      authorId: trainerId,
      text: chance.pick(DEMO_REMARKS),
      createdAt: new Date(Math.min(Date.now(), finishedAt.getTime() + chance.next() * 5 * HOUR_MS)),
    })),
  );
}

async function seedSessions(db: Database, chance: Chance): Promise<void> {
  for (const { trainerId, inHours, ...session } of DEMO_SESSIONS) {
    const startsAt = new Date(Math.ceil((Date.now() + inHours * HOUR_MS) / HOUR_MS) * HOUR_MS);
    const [row] = await db
      .insert(groupSessions)
      .values({ ...session, trainerId, startsAt })
      .returning({ id: groupSessions.id });
    const coming = DEMO_PEOPLE.filter((person) => person.trainerId === trainerId && chance.next() < 0.5);
    if (coming.length > 0) {
      await db.insert(attendances).values(coming.map(({ id }) => ({ sessionId: row!.id, userId: id })));
    }
  }
}
