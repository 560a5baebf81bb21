import type { WarmEntry, WarmProgress, WarmSummary } from "livecache";
import type { WarmingState } from "./contract.ts";
import { dashboardEntry, planOf, roleEntry } from "./dashboards.ts";
import type { Database } from "./database/database.ts";
import type { SchoolLive } from "./live.ts";
import { readPeople } from "./store/people.ts";
import { ROLES } from "./vocabulary.ts";

/** Has every dashboard and every role in the cache before anybody asks. */
export interface Warming {
  /** Begins a run, or joins the one under way. */
  start(): void;
  /** How far this node's last run has come. */
  state(): WarmingState | null;
  stop(): Promise<void>;
}

/** Screens are told about so many times a run. */
const TELLINGS = 40;

/** Makes the warming of one node. Nothing happens before `start()`. */
export function createWarming(db: Database, live: SchoolLive): Warming {
  let latest: WarmingState | null = null;

  function tell(next: Omit<WarmingState, "node" | "at">): void {
    latest = { ...next, node: live.node, at: new Date().toISOString() };
    // Who looks on is not told while Redis is away; nothing is kept then either.
    live.publish("warming", {}, "progress", latest).catch(() => undefined);
  }

  const kept = live.cache.keepWarm({
    items: () => entriesToWarm(db),
    atStart: false,
    onProgress(progress: WarmProgress) {
      const { done, total = done } = progress;
      const isStep = done % Math.ceil(total / TELLINGS) === 0;
      if (isStep && done < total) tell({ state: "running", total, ...countsOf(progress) });
    },
    onDone: (summary) => tell({ state: "done", total: summary.done, ...countsOf(summary) }),
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

/** The roles, and everybody's dashboard: administrators of one school share theirs. */
async function entriesToWarm(db: Database): Promise<WarmEntry[]> {
  const people = await readPeople(db);
  const dashboards = people.map((person) => dashboardEntry(planOf(db, person)));
  const byKey = new Map(dashboards.map((entry) => [entry.key, entry]));
  return [...ROLES.map((role) => roleEntry(db, role)), ...byKey.values()];
}
