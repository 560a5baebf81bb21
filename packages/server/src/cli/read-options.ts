import { durationMs } from "../base/duration.ts";
import type { Duration } from "../base/duration.ts";
import { invalidOption } from "../base/check.ts";

/** @throws LiveError `LIVE_OPTIONS_INVALID` for anything but digits within the bounds */
export function readWhole(name: string, text: unknown, [min, max]: readonly [number, number]): number {
  const count = Number(text);
  if (typeof text !== "string" || !/^\d+$/.test(text) || count < min || count > max) {
    throw invalidOption(name, `a whole number from ${min} to ${max}`, text);
  }
  return count;
}

/** @throws LiveError `LIVE_OPTIONS_INVALID` for anything but a length of time such as `30s` */
export function readDuration(name: string, text: unknown): number {
  return durationMs(name, text as Duration);
}

/** @throws LiveError `LIVE_OPTIONS_INVALID` for anything but an address of HTTP */
export function readHttpUrl(name: string, text: unknown, example: string): URL {
  const url = typeof text === "string" && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol)) {
    throw invalidOption(name, `an address such as ${example}`, text);
  }
  return url;
}

/** Reads lines of `name: value`. @throws LiveError `LIVE_OPTIONS_INVALID`, which does not show the value: it may be a secret */
export function readHeaders(lines: readonly string[]): Headers {
  const headers = new Headers();
  for (const line of lines) {
    const end = line.indexOf(":");
    try {
      headers.append(line.slice(0, Math.max(0, end)), line.slice(end + 1).trim());
    } catch {
      throw invalidOption("--header", '"name: value"', `${line.slice(0, Math.max(0, end))}...`);
    }
  }
  return headers;
}

/** What an option that may be repeated was given. */
export function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? (value as string[]) : [];
}

/** A text that was given and is not empty. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
