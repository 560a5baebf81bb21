import { defineKey } from "livecache";
import type { CacheKey, Duration, KeyDefinition, KeyParams } from "livecache";
import type {
  Client,
  Exercise,
  FreeMember,
  GroupSession,
  Person,
  Preferences,
  Progress,
  Stats,
  Workout,
} from "./answers.ts";
import type { Comment } from "./contract.ts";
import type { Database } from "./database/database.ts";
import { listClients, listFreeMembers } from "./store/clients.ts";
import { listComments } from "./store/comments.ts";
import { listExercises } from "./store/exercises.ts";
import { findPerson, findPreferences } from "./store/people.ts";
import { findProgress } from "./store/progress.ts";
import { listSessions } from "./store/sessions.ts";
import { findStats } from "./store/stats.ts";
import { listWorkouts } from "./store/workouts.ts";

/** Something that is read through the cache: where it stands, how long, and how it is loaded. */
export interface Reading<T> {
  /** The key's template, under which figures are counted. */
  readonly family: string;
  readonly ttl: Duration & string;
  readonly key: CacheKey<T>;
  readonly load: () => Promise<T>;
}

const PROGRESS = defineKey("user:{userId}:progress").holding<Progress>();
const WORKOUTS = defineKey("user:{userId}:workouts").holding<readonly Workout[]>();
const STATS = defineKey("user:{userId}:stats").holding<Stats>();
const PREFERENCES = defineKey("user:{userId}:preferences").holding<Preferences>();
const PROFILE = defineKey("user:{userId}:profile").holding<Person | null>();
const MEMBER_WORKOUTS = defineKey("workouts:member:{memberId}").holding<readonly Workout[]>();
const CLIENTS = defineKey("trainer:{trainerId}:clients").holding<readonly Client[]>();
const SESSIONS = defineKey("trainer:{trainerId}:sessions").holding<readonly GroupSession[]>();
const COMMENTS = defineKey("workout:{workoutId}:comments").holding<readonly Comment[]>();
const FREE_MEMBERS = defineKey("members:free").holding<readonly FreeMember[]>();
const EXERCISES = defineKey("exercises:all").holding<readonly Exercise[]>();

/** Everything that the application keeps in its cache: the seed's keys and lengths of time, and some of its own. */
export function createReadings(db: Database) {
  return {
    progress: (userId: string) => reading(PROGRESS, { userId }, ["5m", () => findProgress(db, userId)]),
    workouts: (userId: string) => reading(WORKOUTS, { userId }, ["5m", () => listWorkouts(db, userId)]),
    stats: (userId: string) => reading(STATS, { userId }, ["10m", () => findStats(db, userId)]),
    memberWorkouts: (memberId: string) =>
      reading(MEMBER_WORKOUTS, { memberId }, ["5m", () => listWorkouts(db, memberId)]),
    preferences: (userId: string) =>
      reading(PREFERENCES, { userId }, ["1h", () => findPreferences(db, userId)]),
    profile: (userId: string) =>
      reading(PROFILE, { userId }, ["1h", async () => (await findPerson(db, userId)) ?? null]),
    clients: (trainerId: string) => reading(CLIENTS, { trainerId }, ["5m", () => listClients(db, trainerId)]),
    sessions: (trainerId: string) =>
      reading(SESSIONS, { trainerId }, ["5m", () => listSessions(db, trainerId)]),
    comments: (workoutId: number) =>
      reading(COMMENTS, { workoutId }, ["5m", () => listComments(db, workoutId)]),
    freeMembers: () => reading(FREE_MEMBERS, {}, ["5m", () => listFreeMembers(db)]),
    exercises: () => reading(EXERCISES, {}, ["24h", () => listExercises(db)]),
  };
}
export type Readings = ReturnType<typeof createReadings>;

type How<T> = readonly [ttl: Duration & string, load: () => Promise<T>];

function reading<Template extends string, T>(
  { template, key }: KeyDefinition<Template, CacheKey<T>>,
  params: KeyParams<Template>,
  [ttl, load]: How<T>,
): Reading<T> {
  return { family: template, ttl, key: key(params), load };
}
