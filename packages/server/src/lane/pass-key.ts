import type { IncomingMessage } from "node:http";

/** Longest key: requests with more in their headers go to the framework. */
const MAX_KEY_CHARS = 4_096;

/** Most spellings of header names whose meaning is remembered. */
const MAX_SPELLINGS = 1_000;

/** A request as the lane sees it. */
export interface LaneRequest {
  /** Equal for requests that are the same but for what does not matter; absent when it is too long to be remembered. */
  readonly key: string | undefined;
  /** The position that the client has seen. */
  readonly position: string | undefined;
}

/** What a header means to the lane. */
type Meaning = "keyed" | "ignored" | "position";

/**
 * Headers that differ from request to request, and by which no middleware lets anybody in or turns anybody away. Revalidation
 * and encodings are answered from the entry.
 */
const IGNORED: readonly string[] = [
  ...["accept-encoding", "if-none-match", "if-modified-since", "cache-control", "pragma"],
  ...["traceparent", "tracestate", "x-request-id", "x-correlation-id", "x-amzn-trace-id", "cf-ray"],
];

/** Reads requests; `alsoIgnored` are further headers that do not matter. */
export function createRequestReader(
  alsoIgnored: readonly string[],
): (request: IncomingMessage) => LaneRequest {
  const meanings = new Map<string, Meaning>([["live-position", "position"]]);
  for (const name of [...IGNORED, ...alsoIgnored]) meanings.set(name.toLowerCase(), "ignored");
  /** By the spelling received, because a lower-case copy of each name of each request would cost more than all the rest. */
  const spellings = new Map<string, Meaning>();

  function meaningOf(spelling: string): Meaning {
    const known = spellings.get(spelling);
    if (known !== undefined) return known;
    const meaning = meanings.get(spelling.toLowerCase()) ?? "keyed";
    if (spellings.size < MAX_SPELLINGS) spellings.set(spelling, meaning);
    return meaning;
  }

  return ({ method, url, socket, rawHeaders }) => {
    // A header holds no line break, so different requests never have equal keys.
    let key = `${method} ${url}\n${socket.remoteAddress}`;
    let position: string | undefined;
    for (let i = 0; i < rawHeaders.length; i += 2) {
      const name = rawHeaders[i]!;
      const meaning = meaningOf(name);
      if (meaning === "keyed") key += `\n${name}:${rawHeaders[i + 1]}`;
      else if (meaning === "position") position = rawHeaders[i + 1];
    }
    return { key: key.length <= MAX_KEY_CHARS ? key : undefined, position };
  };
}
