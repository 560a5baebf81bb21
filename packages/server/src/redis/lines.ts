import { LiveError } from "@livecache/wire";

/**
 * Writes names one a line, as records and entries hold them.
 *
 * @throws LiveError `LIVE_INPUT_INVALID` for a name with a line end: it would be read back as two
 */
export function joinLines(names: readonly string[]): string {
  const broken = names.find((name) => name.includes("\n"));
  if (broken !== undefined) {
    throw new LiveError(
      "LIVE_INPUT_INVALID",
      `${JSON.stringify(broken)}: a name has no line end; encode it.`,
    );
  }
  return names.join("\n");
}

/** Reads names one a line. */
export function splitLines(text: string): string[] {
  return text === "" ? [] : text.split("\n");
}
