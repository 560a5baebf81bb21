import type { Clock } from "./clock.ts";

/** How a visit ended: `hit`: it was there · `stored`: it is there now · `not-stored`: nothing of it is kept. */
export type Outcome = "hit" | "stored" | "not-stored" | "failed";

/** One address, visited. */
export interface Visit {
  readonly url: URL;
  readonly outcome: Outcome;
  readonly ms: number;
  readonly body: Uint8Array;
  /** Why it failed. */
  readonly error?: string;
}

/** What a visit needs besides the address. */
export interface VisitParts {
  readonly clock: Clock;
  readonly headers: Headers;
  readonly timeoutMs: number;
  /** Aborted when nobody wants the answer any more. */
  readonly signal: AbortSignal | undefined;
}

/**
 * GETs one address over a connection that is kept, so that the application behind it caches its answer. Never rejects. A redirect is a
 * failure: headers stay with the origin.
 */
export async function visit(url: URL, parts: VisitParts): Promise<Visit> {
  const { clock, headers, timeoutMs } = parts;
  const startedAtMs = clock.now();
  const ending = new AbortController();
  const end = (): void => ending.abort(new Error("stopped"));
  const cancel = clock.after(timeoutMs, () => ending.abort(new Error(`no answer within ${timeoutMs} ms`)));
  if (parts.signal?.aborted) end();
  parts.signal?.addEventListener("abort", end, { once: true, signal: ending.signal });
  try {
    const response = await fetch(url, { headers, redirect: "manual", signal: ending.signal });
    const body = new Uint8Array(await response.arrayBuffer());
    const ms = clock.now() - startedAtMs;
    const { status } = response;
    if (status >= 300) {
      const to = status < 400 ? ` to ${response.headers.get("location") ?? "somewhere"}` : "";
      return { url, outcome: "failed", ms, body, error: `HTTP ${status}${to}` };
    }
    return { url, outcome: outcomeOf(response.headers.get("cache-status")), ms, body };
  } catch (error) {
    const body = new Uint8Array();
    return { url, outcome: "failed", ms: clock.now() - startedAtMs, body, error: causeOf(error) };
  } finally {
    cancel();
    ending.abort();
  }
}

/** What Livecache's member of `Cache-Status` (RFC 9211) says. Who joined another request's load finds it stored, too. */
function outcomeOf(status: string | null): Outcome {
  const members = (status ?? "").split(",").map((member) => member.split(";").map((part) => part.trim()));
  const parts = members.find(([name]) => name === "Livecache") ?? [];
  if (parts.includes("hit") || parts.includes("collapsed")) return "hit";
  return parts.includes("stored") ? "stored" : "not-stored";
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message ? cause.message : error.message;
}
