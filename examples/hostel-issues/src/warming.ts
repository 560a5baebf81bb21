import { createWarming } from "example-kit/warming";
import type { Warming } from "example-kit/warming";
import type { WarmPage } from "livecache";
import type { Person } from "./answers.ts";
import type { Database } from "./database/database.ts";
import type { HostelLive } from "./live.ts";
import { SESSION_COOKIE } from "./session.ts";
import type { Sessions } from "./session.ts";
import { listHostels } from "./store/hostels.ts";
import { listIssues } from "./store/issues.ts";

export interface WarmingParts {
  readonly db: Database;
  readonly live: HostelLive;
  readonly sessions: Sessions;
  /** Where this node answers, once it does. */
  readonly url: () => string;
}

/** The newest issues of a hostel, as many as are warmed one by one. */
const NEWEST = 12;

/** Keeps the pages that people look at first in the cache of this node: once it is begun, anew every four minutes. */
export function createPageWarming(parts: WarmingParts): Warming {
  return createWarming(parts.live, { items: () => pagesToWarm(parts), every: "4m" });
}

/** What each kind of reader sees first. Routes vary by role and hostel, so one reader of a kind warms it for all of them. */
async function pagesToWarm({ db, sessions, url }: WarmingParts): Promise<WarmPage[]> {
  const hostels = await listHostels(db);
  const newest = new Map<string, string[]>();
  for (const { id } of hostels) {
    const { issues } = await listIssues(db, id, { limit: NEWEST });
    newest.set(
      id,
      issues.map((issue) => `/api/issues/${issue.id}`),
    );
  }
  const ids = hostels.map(({ id }) => id);
  const readers = [
    { role: "management", hostelId: null, sees: ids } as const,
    ...ids.flatMap((id) => [
      { role: "warden", hostelId: id, sees: [id] } as const,
      { role: "student", hostelId: id, sees: [id] } as const,
    ]),
  ];
  const pages: WarmPage[] = [];
  for (const { role, hostelId, sees } of readers) {
    const headers = await cookieOf(sessions, { userId: "warming", name: "Warming", role, hostelId });
    const paths = ["/api/hostels", ...sees.flatMap((id) => [...firstOf(id), ...newest.get(id)!])];
    if (role === "management") paths.unshift("/api/dashboard/summary");
    pages.push(...paths.map((path) => ({ url: `${url()}${path}`, headers })));
  }
  return pages;
}

function firstOf(hostelId: string): string[] {
  return [`/api/hostels/${hostelId}/issues?limit=50`, `/api/hostels/${hostelId}/announcements`];
}

async function cookieOf(sessions: Sessions, person: Person): Promise<Readonly<Record<string, string>>> {
  return { cookie: `${SESSION_COOKIE}=${await sessions.write(person)}` };
}
