import type { IncomingMessage } from "node:http";

/** Longest key: requests with more in their headers go to the framework. */
const MAX_KEY_CHARS = 4_096;

/** Most spellings of header names whose meaning is remembered. */
const MAX_SPELLINGS = 1_000;

/** A request as the lane sees it. */
export interface LaneRequest {
  /** Equal for requests that are the same but for what does not matter; absent when it is too long to be remembered. */
  readonly key: string | undefined;
  readonly acceptEncoding: string;
  /** Whether the client says what it holds already. */
  readonly isConditional: boolean;
  /** The position that the client has seen. */
  readonly position: string | undefined;
}

/** What a header means to the lane. */
type Meaning = "keyed" | "ignored" | "encoding" | "condition" | "position";

/** Headers that the lane answers by itself. */
const ANSWERED: readonly (readonly [name: string, meaning: Meaning])[] = [
  ["accept-encoding", "encoding"],
  ["if-none-match", "condition"],
  ["if-modified-since", "condition"],
  ["live-position", "position"],
];

/** Headers that differ from request to request, and by which no middleware lets anybody in or turns anybody away. */
const IGNORED: readonly string[] = [
  ...["cache-control", "pragma", "traceparent", "tracestate", "x-request-id", "x-correlation-id"],
  ...["x-amzn-trace-id", "cf-ray"],
];

/** Reads requests; `alsoIgnored` are further headers that do not matter. */
export function createRequestReader(
  alsoIgnored: readonly string[],
): (request: IncomingMessage) => LaneRequest {
  const meanings = new Map<string, Meaning>(ANSWERED);
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
    let acceptEncoding = "";
    let isConditional = false;
    let position: string | undefined;
    for (let i = 0; i < rawHeaders.length; i += 2) {
      const name = rawHeaders[i]!;
      const value = rawHeaders[i + 1]!;
      const meaning = meaningOf(name);
      if (meaning === "keyed") key += `\n${name}:${value}`;
      else if (meaning === "encoding") acceptEncoding = value;
      else if (meaning === "condition") isConditional = true;
      else if (meaning === "position") position = value;
    }
    return { key: key.length <= MAX_KEY_CHARS ? key : undefined, acceptEncoding, isConditional, position };
  };
}
