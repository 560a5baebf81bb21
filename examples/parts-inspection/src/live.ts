import { randomUUID } from "node:crypto";
import { createLive } from "livecache";
import type { Identity } from "livecache";
import { openRedis } from "livecache/redis";
import { readSession } from "livecache/session";
import type { SessionCookie } from "livecache/session";
import { contract } from "./contract.ts";
import type { Database } from "./database/database.ts";
import { inspectorOf } from "./store/audits.ts";
import type { Role } from "./vocabulary.ts";

/** Who asks. */
export interface Who extends Identity {
  readonly name: string;
  readonly role: Role;
  /** Whose audits they may read: `"all"`, or their own id. Cached answers are shared among those who see the same. */
  readonly sees: string;
}

export interface LiveSettings {
  readonly redisUrl: string | undefined;
  readonly secret: string;
  readonly cookie: SessionCookie;
  readonly db: Database;
}

/** What this process shows to itself when it warms its caches: nobody else can know it. */
export const WARMING_HEADER = "x-warming";

/** This node: who somebody is, by the session that lives in the ground, and what an open page may hear. */
export async function openLive({ redisUrl, secret, cookie, db }: LiveSettings) {
  const warmingPass = randomUUID();
  const live = await createLive({
    // Without an answer from Redis the node starts all the same, and joins the others when Redis is there.
    realm: "parts",
    ground: redisUrl ? await openRedis(redisUrl, { start: "degraded" }) : undefined,
    contract,
    secret,
    async identify({ headers }, known): Promise<Who | undefined> {
      if (headers[WARMING_HEADER] === warmingPass) {
        return { userId: "warming", name: "Warming", role: "admin", sees: "all" };
      }
      const session = await readSession(known.sessions, headers, cookie);
      if (session?.userId === undefined) return undefined;
      const { id: sessionId, userId, data } = session;
      const { name, role } = data as { name: string; role: Role };
      return { userId, sessionId, name, role, sees: role === "admin" ? "all" : userId };
    },
    authorize: {
      "audit-room": (person) => person?.role === "admin",
      "audit/:auditId": async (person, { auditId }) =>
        person?.role === "admin" ||
        (person !== undefined && (await inspectorOf(db, Number(auditId))) === person.userId),
      warming: (person) => person?.role === "admin",
    },
  });
  return { live, warmingPass };
}

export type PartsLive = Awaited<ReturnType<typeof openLive>>["live"];
