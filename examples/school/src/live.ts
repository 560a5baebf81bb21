import { createLive } from "livecache";
import { openRedis } from "livecache/redis";
import type { Person } from "./answers.ts";
import { contract } from "./contract.ts";
import type { Database } from "./database/database.ts";
import { userKey } from "./keys.ts";
import { readPeople } from "./store/people.ts";
import { findStudents } from "./store/threads.ts";
import type { SchoolTokens, SignedIn } from "./tokens.ts";

/** Who asks: the person, and the sign-in that they rest on. */
export type Who = Person & SignedIn;

export interface LiveParts {
  readonly db: Database;
  readonly redisUrl: string | undefined;
  readonly secret: string;
  readonly tokens: SchoolTokens;
}

/** This node of the application: one rule for who somebody is, and one for who may listen to what. */
export async function openLive({ db, redisUrl, secret, tokens }: LiveParts) {
  const live = createLive({
    realm: "school",
    // Without an answer from Redis the node starts all the same, and joins the others when Redis is there.
    ground: redisUrl ? await openRedis(redisUrl, { start: "degraded" }) : undefined,
    contract,
    secret,
    async identify(request): Promise<Who | undefined> {
      const signedIn = await tokens.read(request);
      const person = signedIn && (await personOf(signedIn.userId));
      return person ? { ...person, ...signedIn } : undefined;
    },
    authorize: {
      "school/:schoolId": (person, { schoolId }) => person?.schoolId === schoolId && isWorking(person),
      "thread/:studentId": (person, { studentId }) => person !== undefined && mayTalk(db, person, studentId),
      "person/:userId": (person, { userId }) => person?.userId === userId,
      warming: (person) => person?.role === "super_admin",
    },
  });

  /** Asked for each request and each socket, and read from the database once an hour, or after a change. */
  function personOf(userId: string): Promise<Person | null> {
    return live.cache.getOrSet(
      userKey.key({ userId }),
      async () => (await readPeople(db, userId))[0] ?? null,
      { ttl: "1h" },
    );
  }

  return live;
}

export type SchoolLive = Awaited<ReturnType<typeof openLive>>;

function isWorking({ role }: Person): boolean {
  return role === "school_admin" || role === "teacher" || role === "staff";
}

/** Parents talk about their children, teachers about the students of their own class. */
export async function mayTalk(db: Database, person: Person, studentId: string): Promise<boolean> {
  if (person.role === "parent") return person.childIds.includes(studentId);
  if (person.role !== "teacher") return false;
  const [student] = await findStudents(db, [studentId]);
  return student?.teacherId === person.userId;
}
