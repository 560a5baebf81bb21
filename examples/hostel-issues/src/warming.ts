import type { WarmPage, WarmProgress, WarmSummary } from "livecache";
import type { Person } from "./answers.ts";
import type { WarmingState } from "./contract.ts";
import type { Database } from "./database/database.ts";
import type { HostelLive } from "./live.ts";
import { SESSION_COOKIE } from "./session.ts";
import type { Sessions } from "./session.ts";
import { listHostels } from "./store/hostels.ts";
import { listIssues } from "./store/issues.ts";

/** Keeps the pages that people look at first in the cache of this node. */
export interface Warming {
  /** Begins a run, or joins the one under way: at the start, when somebody asks for it, and by itself every four minutes. */
  start(): void;
  /** How far the last run has come. */
  state(): WarmingState | null;
  stop(): Promise<void>;
}

export interface WarmingParts {
  readonly db: Database;
  readonly live: HostelLive;
  readonly sessions: Sessions;
  /** Where this node answers, once it does. */
  readonly url: () => string;
}

/** The newest issues of a hostel, as many as are warmed one by one. */
const NEWEST = 12;

/** Screens are told about so many times a run. */
const TELLINGS = 25;

/** Makes the warming of one node. Nothing happens before `start()`. */
export function createWarming(parts: WarmingParts): Warming {
  const { live } = parts;
  let latest: WarmingState | null = null;

  function tell(next: Omit<WarmingState, "node" | "at">): void {
    latest = { ...next, node: live.node, at: new Date().toISOString() };
    // Who looks on is not told while Redis is away; the caches are not warm then either.
    live.publish("warming", {}, "progress", latest).catch(() => undefined);
  }

  const kept = live.cache.keepWarm({
    items: () => pagesToWarm(parts),
    atStart: false,
    every: "4m",
    onProgress(progress: WarmProgress) {
      const { done, total = done } = progress;
      const isStep = done % Math.ceil(total / TELLINGS) === 0;
      if (isStep && done < total) tell({ state: "running", total, ...countsOf(progress) });
    },
    onDone(summary) {
      const { done, failed, failures } = summary;
      tell({ state: "done", total: done, ...countsOf(summary) });
      if (failed > 0) console.error(`warming: ${failed} of ${done} pages failed`, failures[0]);
    },
  });
  return {
    start: () => void kept.run().catch((error: unknown) => console.error("warming", error)),
    state: () => latest,
    stop: kept.stop,
  };
}

function countsOf({ done, loaded, alreadyThere, notStored, failed }: WarmProgress | WarmSummary) {
  return { done, loaded, alreadyThere, notStored, failed };
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
