import { refuseUnknown, wholeNumber } from "../base/check.ts";

/** What one socket, and one node, may hold. */
export interface HubLimits {
  /** Most channels that one connection is in, or is asking to join, at a time. Default 100. */
  readonly maxChannels: number;
  /** Most responses that one connection watches at a time. Default 500. */
  readonly maxWatches: number;
  /** Most events that this node holds back because it has not applied their change yet. Default 1,000. */
  readonly maxHeldEvents: number;
}

const DEFAULTS: HubLimits = { maxChannels: 100, maxWatches: 500, maxHeldEvents: 1_000 };

/**
 * Puts the defaults in.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` for anything but whole numbers from 1
 */
export function resolveHubLimits(limits: Partial<HubLimits> = {}): HubLimits {
  refuseUnknown("limits", limits, Object.keys(DEFAULTS));
  const read = (name: keyof HubLimits): number =>
    wholeNumber(`limits: ${name}`, limits[name] ?? DEFAULTS[name], [1, 1_000_000]);
  return {
    maxChannels: read("maxChannels"),
    maxWatches: read("maxWatches"),
    maxHeldEvents: read("maxHeldEvents"),
  };
}
