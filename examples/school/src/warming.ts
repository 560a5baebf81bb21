import { createWarming } from "example-kit/warming";
import type { Warming } from "example-kit/warming";
import type { WarmEntry } from "livecache";
import { dashboardEntry, planOf, roleEntry } from "./dashboards.ts";
import type { Database } from "./database/database.ts";
import type { SchoolLive } from "./live.ts";
import { readPeople } from "./store/people.ts";
import { ROLES } from "./vocabulary.ts";

/** Has every dashboard and every role in the cache of this node before anybody asks. */
export function createSchoolWarming(db: Database, live: SchoolLive): Warming {
  return createWarming(live, { items: () => entriesToWarm(db) });
}

/** The roles, and everybody's dashboard: administrators of one school share theirs. */
async function entriesToWarm(db: Database): Promise<WarmEntry[]> {
  const people = await readPeople(db);
  const dashboards = people.map((person) => dashboardEntry(planOf(db, person)));
  const byKey = new Map(dashboards.map((entry) => [entry.key, entry]));
  return [...ROLES.map((role) => roleEntry(db, role)), ...byKey.values()];
}
