import { createWarming } from "example-kit/warming";
import type { Warming } from "example-kit/warming";
import type { WarmPage } from "livecache";
import type { Database } from "./database/database.ts";
import { WARMING_HEADER } from "./live.ts";
import type { PartsLive } from "./live.ts";
import { listAudits } from "./store/audits.ts";

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

/** Keeps what administrators look at first in the cache of this node: once it is begun, anew every four minutes. */
export function createPageWarming(parts: WarmingParts): Warming {
  return createWarming(parts.live, { items: () => pagesToWarm(parts), every: "4m" });
}

async function pagesToWarm({ db, pass, url }: WarmingParts): Promise<WarmPage[]> {
  const { audits } = await listAudits(db, { limit: NEWEST });
  const paths = [
    ...["people", "lines", "machines", "processes", "audits?limit=40"],
    ...audits.map(({ id }) => `audits/${id}`),
  ];
  return paths.map((path) => ({ url: `${url()}/api/${path}`, headers: { [WARMING_HEADER]: pass } }));
}
