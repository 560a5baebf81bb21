import { LiveError } from "@livecache/wire";

/**
 * Refuses names that are not known.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`
 */
export function refuseUnknown(what: string, options: object, known: readonly string[]): void {
  const stranger = Object.keys(options).find((name) => !known.includes(name));
  if (stranger === undefined) return;
  throw new LiveError(
    "LIVE_OPTIONS_INVALID",
    `${what}: unknown option "${stranger}", expected ${known.join(", ")}.`,
    { details: { option: stranger } },
  );
}
