import type { WarmPage, WarmProgress, WarmSummary } from "livecache";
import type { WarmingState } from "./contract.ts";
import type { Database } from "./database/database.ts";
import { WARMING_HEADER } from "./live.ts";
import type { PartsLive } from "./live.ts";
import { listAudits } from "./store/audits.ts";

/** Keeps what administrators look at first in the cache of this node. */
export interface Warming {
  /** Begins a run, or joins the one under way: when somebody asks for it, and by itself every four minutes. */
  start(): void;
  /** How far the last run has come. */
  state(): WarmingState | null;
  stop(): Promise<void>;
}

export interface WarmingParts {
  readonly db: Database;
  readonly live: PartsLive;
  /** What this process shows to itself. */
  readonly pass: string;
  /** Where this node answers, once it does. */
  readonly url: () => string;
}

/** The newest audits, as many as are warmed one by one. */
const NEWEST = 20;

/** Makes the warming of one node. Nothing happens before `start()`. */
export function createWarming(parts: WarmingParts): Warming {
  const { live } = parts;
  let latest: WarmingState | null = null;

  function tell(state: WarmingState["state"], total: number, progress: WarmProgress | WarmSummary): void {
    const { done, loaded, alreadyThere, notStored, failed } = progress;
    latest = {
      ...{ node: live.node, state, total, done, loaded, alreadyThere, notStored, failed },
      at: new Date().toISOString(),
    };
    // Who looks on is not told while Redis is away; the caches are not warm then either.
    live.publish("warming", {}, "progress", latest).catch(() => undefined);
  }

  const kept = live.cache.keepWarm({
    items: () => pagesToWarm(parts),
    atStart: false,
    every: "4m",
    onProgress(progress) {
      const { done, total = done } = progress;
      if (done < total) tell("running", total, progress);
    },
    onDone: (summary) => tell("done", summary.done, summary),
  });
  return {
    start: () => void kept.run().catch((error: unknown) => console.error("warming", error)),
    state: () => latest,
    stop: kept.stop,
  };
}

async function pagesToWarm({ db, pass, url }: WarmingParts): Promise<WarmPage[]> {
  const { audits } = await listAudits(db, { limit: NEWEST });
  const paths = [
    ...["people", "lines", "machines", "processes", "audits?limit=40"],
    ...audits.map(({ id }) => `audits/${id}`),
  ];
  return paths.map((path) => ({ url: `${url()}/api/${path}`, headers: { [WARMING_HEADER]: pass } }));
}
