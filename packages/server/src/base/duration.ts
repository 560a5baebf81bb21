import { LiveError } from "@livecache/wire";

const UNITS_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

const NAMED_MS = { short: 60_000, medium: 300_000, long: 900_000, veryLong: 3_600_000 } as const;

/**
 * A length of time: with its unit (`"250ms"`, `"30s"`, `"5m"`, `"1h"`, `"7d"`), in fields (`{ minutes: 5 }`), or by name:
 * `"short"` is one minute, `"medium"` five, `"long"` fifteen, `"veryLong"` one hour. The names mean the same everywhere.
 */
export type Duration =
  | keyof typeof NAMED_MS
  | `${number}${keyof typeof UNITS_MS}`
  | {
      readonly milliseconds?: number;
      readonly seconds?: number;
      readonly minutes?: number;
      readonly hours?: number;
      readonly days?: number;
    };

const FIELDS_MS = {
  milliseconds: 1,
  seconds: 1_000,
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
} as const;
const TEXT = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** Longest duration accepted: 366 days. */
export const MAX_DURATION_MS = 366 * UNITS_MS.d;

/**
 * Reads a duration in milliseconds, at least 1 and at most {@link MAX_DURATION_MS}.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` for a bare number (its unit is a guess), an unknown unit or field, and
 * anything out of bounds. `name` says which option it was.
 */
export function durationMs(name: string, value: Duration): number {
  const ms = readMs(value);
  if (ms === undefined || !(ms >= 1) || ms > MAX_DURATION_MS) {
    const hint =
      typeof value === "number" ? ` A bare number has no unit: write "${value}s" or "${value}ms".` : "";
    throw new LiveError(
      "LIVE_OPTIONS_INVALID",
      `${name}: expected a duration from 1ms to 366d such as "5m", "medium" or { minutes: 5 }, received ${JSON.stringify(value)}.${hint}`,
      { details: { option: name } },
    );
  }
  return Math.round(ms);
}

function readMs(value: unknown): number | undefined {
  if (typeof value === "string") {
    if (Object.hasOwn(NAMED_MS, value)) return NAMED_MS[value as keyof typeof NAMED_MS];
    const match = TEXT.exec(value);
    return match ? Number(match[1]) * UNITS_MS[match[2] as keyof typeof UNITS_MS] : undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  let total = 0;
  for (const [field, amount] of Object.entries(value)) {
    if (!Object.hasOwn(FIELDS_MS, field) || typeof amount !== "number" || !(amount >= 0)) return undefined;
    total += amount * FIELDS_MS[field as keyof typeof FIELDS_MS];
  }
  return total;
}
