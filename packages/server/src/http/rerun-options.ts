import { LiveError } from "@livecache/wire";
import type { CachedRoute } from "./cached-route.ts";

/**
 * Refuses the options that need a route to be run again in the background, for a framework that cannot do that.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`
 */
export function refuseRerunOptions({ freshness, push }: CachedRoute, framework: string): void {
  const { swrMs, graceMs, softTimeoutMs, hardTimeoutMs, refreshAt } = freshness;
  const used = [
    swrMs > 0 && "stale.swr",
    graceMs > 0 && "stale.grace",
    softTimeoutMs !== undefined && "stale.softTimeout",
    hardTimeoutMs !== undefined && "hardTimeout",
    refreshAt < 1 && "refreshAt",
    push && "push",
  ].find((name) => name !== false);
  if (used === undefined) return;
  throw new LiveError(
    "LIVE_OPTIONS_INVALID",
    `cached: ${used}: the route would have to be run again in the background, which the door for ${framework} cannot do here. Leave it out, or cache the data with live.cache.getOrSet.`,
    { details: { option: used } },
  );
}
