import type { ChannelContract, Contract } from "@livecache/wire";
import { durationMs } from "../base/duration.ts";
import type { Duration } from "../base/duration.ts";
import type { HistoryBounds } from "../ports/change-log.ts";

const KEPT_BY_DEFAULT = { events: 500, age: "10m" };

/** How much each channel pattern of a contract keeps for those who come back. */
export function keptHistories(contract: Contract): ReadonlyMap<string, HistoryBounds> {
  return new Map(Object.entries(contract.channels).map(([pattern, channel]) => [pattern, boundsOf(channel)]));
}

function boundsOf({ history }: ChannelContract): HistoryBounds {
  if (history === false) return { maxEvents: 0, maxAgeMs: 0 };
  const { events, age } = { ...KEPT_BY_DEFAULT, ...history };
  return { maxEvents: events, maxAgeMs: durationMs("contract: history.age", age as Duration) };
}
