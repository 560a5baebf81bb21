import { LiveError } from "@livecache/wire";

/**
 * Refuses option names that are not known, naming the nearest known one.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`
 */
export function refuseUnknown(what: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw invalidOption(what, "an object with options", options);
  }
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    const hint = near ? `Did you mean "${near}"?` : `Known options: ${known.join(", ")}.`;
    throw new LiveError("LIVE_OPTIONS_INVALID", `${what}: unknown option "${name}". ${hint}`, {
      details: { option: name },
    });
  }
}

/** The error for an option with a wrong value: says what was received and what was expected. */
export function invalidOption(name: string, expected: string, received: unknown): LiveError {
  return new LiveError("LIVE_OPTIONS_INVALID", `${name}: expected ${expected}, received ${show(received)}.`, {
    details: { option: name },
  });
}

/**
 * Reads a whole number within bounds, both allowed.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`
 */
export function wholeNumber(name: string, value: unknown, [min, max]: readonly [number, number]): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < min || value > max) {
    throw invalidOption(name, `a whole number from ${min} to ${max}`, value);
  }
  return value;
}

function show(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (value === undefined) return "undefined";
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}

function nearest(name: string, known: readonly string[]): string | undefined {
  const ranked = known.map((candidate) => [distance(name, candidate), candidate] as const);
  ranked.sort((a, b) => a[0] - b[0]);
  const best = ranked[0];
  return best && best[0] <= Math.max(2, name.length / 3) ? best[1] : undefined;
}

/** Levenshtein distance, case ignored. */
function distance(left: string, right: string): number {
  const b = right.toLowerCase();
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, char] of [...left.toLowerCase()].entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (char === b[j] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
