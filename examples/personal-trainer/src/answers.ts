import type { AnnouncedSession } from "./contract.ts";
import type { GoalKind, Muscle, Role, Unit } from "./vocabulary.ts";

/** What the API answers, as the pages read it. */

/** Where an answer came from: the seed's field. */
export interface Sourced<T> {
  readonly source: "cache" | "database";
  readonly data: T;
}

export interface Person {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly trainerId: string | null;
  /** The trainer's name; `null` without one. */
  readonly trainerName: string | null;
  readonly about: string;
  readonly weeklyTarget: number;
}

/** `GET /api/session` */
export interface SessionAnswer {
  readonly person: Person | null;
}

/** One line of a workout: so many sets of so many repetitions. */
export interface Entry {
  readonly exerciseId: string;
  readonly exercise: string;
  readonly muscle: Muscle;
  readonly sets: number;
  readonly reps: number;
  /** 0: the own body. */
  readonly weightKg: number;
}

export interface Workout {
  readonly id: number;
  readonly userId: string;
  readonly title: string;
  readonly minutes: number;
  readonly notes: string;
  readonly finishedAt: string;
  readonly volumeKg: number;
  readonly sets: number;
  readonly records: number;
  readonly comments: number;
  readonly entries: readonly Entry[];
}

/** `POST /api/workouts`, `PUT` and `DELETE /api/workouts/:id` */
export interface WorkoutWritten {
  readonly message: string;
  readonly workout: Workout;
}

/** A Monday, and what was done in the seven days (UTC) that begin with it. */
export interface Week {
  readonly week: string;
  readonly workouts: number;
  readonly volumeKg: number;
  readonly minutes: number;
  readonly sets: number;
}

export interface Goal {
  readonly id: number;
  readonly kind: GoalKind;
  readonly title: string;
  readonly target: number;
  readonly reached: number;
  /** Whether `target` and `reached` are kilograms. */
  readonly inKg: boolean;
}

/** `GET /api/users/:userId/progress` */
export interface Progress {
  readonly thisWeek: Week;
  readonly lastWeek: Week;
  /** The last eight weeks, this one last. */
  readonly weeks: readonly Week[];
  /** Weeks in a row in which the weekly target was met. A week that is still going on never ends it. */
  readonly streakWeeks: number;
  readonly bestStreakWeeks: number;
  readonly weeklyTarget: number;
  readonly totalWorkouts: number;
  readonly goals: readonly Goal[];
}

export interface PersonalRecord {
  readonly exerciseId: string;
  readonly exercise: string;
  readonly muscle: Muscle;
  readonly weightKg: number;
  readonly reps: number;
  /** What could be lifted once, by Epley's formula. */
  readonly onceKg: number;
  readonly at: string;
}

/** `GET /api/users/:userId/stats` */
export interface Stats {
  /** Sets of the last 28 days. */
  readonly muscles: readonly { readonly muscle: Muscle; readonly sets: number }[];
  /** The heaviest of each exercise, the newest first. */
  readonly records: readonly PersonalRecord[];
  readonly totalVolumeKg: number;
  readonly meanMinutes: number;
}

export interface Exercise {
  readonly id: string;
  readonly name: string;
  readonly muscle: Muscle;
  readonly equipment: string;
  readonly cue: string;
}

/** `GET` and `PUT /api/users/:userId/preferences` */
export interface Preferences {
  readonly unit: Unit;
  readonly restSeconds: number;
  readonly favourites: readonly string[];
  /** What the muscle page shows first. */
  readonly muscle: Muscle;
}

/** A client as `GET /api/trainer/clients` answers them. */
export interface Client {
  readonly userId: string;
  readonly name: string;
  readonly about: string;
  readonly weeklyTarget: number;
  readonly weekWorkouts: number;
  readonly weekVolumeKg: number;
  readonly streakWeeks: number;
  /** Kilograms moved in the last eight weeks, this one last. */
  readonly weeks: readonly number[];
  readonly last: { readonly id: number; readonly title: string; readonly at: string } | null;
}

/** `GET /api/trainer/free`: members without a trainer. */
export type FreeMember = Pick<Client, "userId" | "name" | "about">;

/** `GET /api/group-sessions`: a trainer's sessions to come. */
export interface GroupSession extends AnnouncedSession {
  readonly coming: readonly { readonly id: string; readonly name: string }[];
}

/** What this node has measured of one family of keys. Times in milliseconds; `null` before the first answer. */
export interface FamilyFigures {
  readonly family: string;
  readonly ttl: string;
  readonly hits: number;
  readonly misses: number;
  readonly cacheMs: number | null;
  readonly databaseMs: number | null;
  readonly bytes: number;
}

/** `GET /api/metrics` */
export interface Metrics {
  readonly node: string;
  readonly ground: string;
  readonly since: string;
  readonly families: readonly FamilyFigures[];
  /** The last answers, oldest first. */
  readonly samples: readonly {
    readonly at: string;
    readonly family: string;
    readonly source: "cache" | "database";
    readonly ms: number;
  }[];
}

/** `POST /api/metrics/comparison`: the same progress, read so often each way. Medians in milliseconds. */
export interface Comparison {
  readonly readings: number;
  readonly cacheMs: number;
  readonly databaseMs: number;
}
