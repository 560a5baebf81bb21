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
  readonly signal: AbortSignal;
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
  const { path, signal, timeoutMs } = request;
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  signal.addEventListener("abort", abort);
  const disarm = clock.after(timeoutMs, abort);
  try {
    const response = await http(path, {
      cache: "no-cache",
      headers: { accept: "application/json" },
      signal: controller.signal,
    });
    const text = await response.text();
    if (!response.ok) throw refused(path, response, text);
    const { headers } = response;
    return {
      text,
      token: headers.get(QUERY_HEADER) ?? undefined,
      position: headers.get(POSITION_HEADER),
      etag: headers.get("etag"),
    };
  } catch (cause) {
    if (isLiveError(cause)) throw cause;
    const what = controller.signal.aborted ? `no answer within ${timeoutMs} ms` : String(cause);
    throw new LiveError("LIVE_REQUEST_FAILED", `GET ${path} failed: ${what}.`, { cause, details: { path } });
  } finally {
    disarm();
    signal.removeEventListener("abort", abort);
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
    throw new LiveError(
      "LIVE_REQUEST_FAILED",
      `GET ${path}: expected JSON, received ${JSON.stringify(text.slice(0, 60))}.`,
      { cause, details: { path } },
    );
  }
}

/** Whether the same request may succeed later by itself: not when the server has said that the request is wrong. */
export function mayPass(error: LiveError): boolean {
  const status = error.details["status"];
  if (typeof status !== "number") return error.retryable;
  return status >= 500 || status === 408 || status === 429;
}

function refused(path: string, response: Response, text: string): LiveError {
  const { status, statusText } = response;
  const answered = `GET ${path} answered ${status} ${statusText}`.trimEnd();
  return new LiveError("LIVE_REQUEST_FAILED", `${answered}.`, {
    details: { path, status, body: tryJson(text) },
  });
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
