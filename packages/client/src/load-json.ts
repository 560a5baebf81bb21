import { LiveError, POSITION_HEADER, QUERY_HEADER, isLiveError } from "@livecache/wire";
import type { Clock } from "./clock.ts";
import type { Http } from "./http.ts";

/** What one GET brought. */
export interface JsonAnswer {
  readonly text: string;
  /** The live-query token, if the response can be watched. */
  readonly token: string | undefined;
  readonly position: string | null;
  readonly etag: string | null;
}

/** One GET of one path. */
export interface JsonRequest {
  readonly path: string;
  /** Aborted when there is no answer in time; whoever aborts it before is not interested any more. */
  readonly controller: AbortController;
  readonly timeoutMs: number;
}

/**
 * Gets a JSON response. The browser's cache may keep the body, but is made to ask the server each time, which costs a 304 when
 * nothing has changed.
 *
 * @throws LiveError `LIVE_REQUEST_FAILED` when no response came in time or its status is not 2xx; `details` has `path`, and with a
 * response `status` and the `body`, parsed if it is JSON. What {@link Http} throws of Livecache's own passes through.
 */
export async function loadJson(http: Http, clock: Clock, request: JsonRequest): Promise<JsonAnswer> {
  const { path, controller, timeoutMs } = request;
  const { signal } = controller;
  const disarm = clock.after(timeoutMs, () => controller.abort());
  try {
    const response = await http(path, {
      cache: "no-cache",
      headers: { accept: "application/json" },
      signal,
    });
    const text = await response.text();
    const { ok, status, statusText, headers } = response;
    if (!ok) {
      throw failure(path, ` answered ${status} ${statusText}`.trimEnd(), { status, body: tryJson(text) });
    }
    return {
      text,
      token: headers.get(QUERY_HEADER) ?? undefined,
      position: headers.get(POSITION_HEADER),
      etag: headers.get("etag"),
    };
  } catch (cause) {
    if (isLiveError(cause)) throw cause;
    const what = signal.aborted ? `no answer within ${timeoutMs} ms` : String(cause);
    throw failure(path, ` failed: ${what}`, { cause });
  } finally {
    disarm();
  }
}

/**
 * Parses a response's body.
 *
 * @throws LiveError `LIVE_REQUEST_FAILED`
 */
export function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw failure(path, `: expected JSON, received ${JSON.stringify(text.slice(0, 60))}`, { cause });
  }
}

/** Whether the same request may succeed later by itself: not when the server has said that the request is wrong. */
export function mayPass(error: LiveError): boolean {
  const status = error.details["status"];
  if (typeof status !== "number") return error.retryable;
  return status >= 500 || status === 408 || status === 429;
}

/** What is known of a failure besides its path. */
interface FailureContext {
  readonly cause?: unknown;
  readonly status?: number;
  readonly body?: unknown;
}

function failure(path: string, what: string, { cause, ...more }: FailureContext): LiveError {
  return new LiveError("LIVE_REQUEST_FAILED", `GET ${path}${what}.`, { cause, details: { path, ...more } });
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
