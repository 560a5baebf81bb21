import type { Chance } from "example-kit/chance";
import { DEMO_EXERCISES, DEMO_PLANS } from "./demo-exercises.ts";
import type { DemoPerson } from "./demo-people.ts";
import type { NewEntry } from "./store/workouts.ts";
import { WEEKS } from "./vocabulary.ts";

/** A workout that a member of the demonstration has done. */
export interface DemoWorkout {
  readonly title: string;
  readonly minutes: number;
  readonly notes: string;
  readonly finishedAt: Date;
  readonly records: number;
  readonly entries: readonly NewEntry[];
}

const DAY_MS = 86_400_000;
const NOTES = [
  "",
  "",
  "",
  "Felt strong.",
  "Short on sleep.",
  "Left shoulder a little stiff.",
  "New shoes, new me.",
];

/** The last eight weeks of a member, first workout first: three or four a week, a little heavier each, with a gap now and then. */
export function demoWorkouts(chance: Chance, member: DemoPerson, nowMs: number): DemoWorkout[] {
  const most = new Map<string, number>();
  const done: DemoWorkout[] = [];
  const days = (member.trainerId ? WEEKS : 2) * 7;
  // Late in a week of four: days 0, 2, 3 and 5 after the first.
  const rhythm = new Set([0, 2, 4, 5].slice(0, member.weeklyTarget));
  for (let day = days - 1; day >= 0; day -= 1) {
    const finishedAt = new Date(nowMs - day * DAY_MS - chance.next() * 0.4 * DAY_MS - DAY_MS / 48);
    const weekday = (finishedAt.getUTCDay() + 6) % 7;
    if (!rhythm.has(weekday) || chance.next() < 0.07) continue;
    const plan = DEMO_PLANS[(done.length + member.name.length) % DEMO_PLANS.length]!;
    const entries = plan.exercises.map((id) => demoEntry(chance, id, weightOf(member, id, days - day)));
    let records = 0;
    for (const { exerciseId, weightKg } of entries) {
      const before = most.get(exerciseId);
      if (before !== undefined && weightKg > before) records += 1;
      most.set(exerciseId, Math.max(before ?? 0, weightKg));
    }
    const minutes = 35 + Math.round(chance.next() * 35);
    done.push({ title: plan.title, minutes, notes: chance.pick(NOTES), finishedAt, records, entries });
  }
  return done;
}

/** What a member lifts after so many days: a little more each week, in steps that a gym has. */
function weightOf({ strength }: DemoPerson, exerciseId: string, day: number): number {
  const { startKg } = DEMO_EXERCISES.find(({ id }) => id === exerciseId)!;
  return Math.round((startKg * strength * (1 + day * 0.0035)) / 2.5) * 2.5;
}

function demoEntry(chance: Chance, exerciseId: string, weightKg: number): NewEntry {
  return {
    exerciseId,
    sets: 3 + Math.floor(chance.next() * 2),
    reps: chance.pick([6, 8, 8, 10, 12]),
    weightKg,
  };
}

/** What somebody does now, so long after the demonstration has begun. */
export function demoWorkoutNow(chance: Chance, member: DemoPerson) {
  const { title, exercises } = chance.pick(DEMO_PLANS);
  const day = WEEKS * 7 + chance.next() * 10;
  return {
    title,
    minutes: 35 + Math.round(chance.next() * 35),
    notes: chance.pick(NOTES),
    entries: exercises.map((id) => demoEntry(chance, id, weightOf(member, id, day))),
  };
}

/** What trainers write below a workout. */
export const DEMO_REMARKS = [
  "Great pace today. Next week we add 2.5 kg.",
  "Depth looks much better. Keep the chest up.",
  "Good work. Sleep first, then the next heavy day.",
  "I like the last set. That is how it should look.",
  "Take 20 seconds more between the heavy sets.",
  "Strong! Film the squat next time and send it to me.",
  "Swap the curls for rows if the elbow talks again.",
  "You are ahead of the plan. Enjoy it.",
] as const;

export const DEMO_SESSIONS = [
  {
    trainerId: "nora",
    inHours: 20,
    title: "Barbell basics",
    place: "Platform 2",
    note: "Squat and deadlift, everybody films everybody.",
  },
  {
    trainerId: "nora",
    inHours: 70,
    title: "Open gym",
    place: "Main hall",
    note: "Bring your questions and your own plan.",
  },
  {
    trainerId: "dario",
    inHours: 26,
    title: "Mobility hour",
    place: "Studio B",
    note: "Hips and shoulders. A mat is enough.",
  },
  {
    trainerId: "yuki",
    inHours: 44,
    title: "Rings in the park",
    place: "Elm Park, east gate",
    note: "Rain or shine.",
  },
] as const;
