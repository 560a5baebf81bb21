import type { Clock } from "../base/clock.ts";
import type { CliParts, Given } from "./cli-parts.ts";
import { CommandFailure, EXIT, messageOf, wrongUse } from "./failure.ts";
import { listOf, readDuration, readHeaders, readHttpUrl, textOf } from "./read-options.ts";

const EXAMPLE = "http://localhost:3000/operations";

/** Where the operations of an application are, and how one gets in. */
export interface OperationsAddress {
  /** Without a slash at its end. */
  readonly url: URL;
  readonly headers: Headers;
  readonly timeoutMs: number;
}

/** Asks the operations of one application. What they refuse is a `CommandFailure` with the words of the application. */
export interface OperationsClient {
  readonly url: URL;
  get<T>(path: string, query?: Query): Promise<T>;
  post<T>(path: string, body: Readonly<Record<string, unknown>>): Promise<T>;
}

/** What stands behind the question mark; a list is one parameter for each. */
export type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** Reads `--url`, `--token`, `--header` and `--timeout`, or what the environment says in their place. */
export function readAddress(
  { env }: Pick<CliParts, "env">,
  { options }: Given,
  url?: string,
): OperationsAddress {
  const given = url ?? textOf(options["url"]) ?? textOf(env["LIVECACHE_URL"]);
  if (given === undefined) {
    throw wrongUse(`--url: say where the operations are, such as ${EXAMPLE}, or set LIVECACHE_URL.`);
  }
  const address = readHttpUrl("--url", given, EXAMPLE);
  if (address.username !== "" || address.password !== "" || address.search !== "" || address.hash !== "") {
    throw wrongUse(
      `--url: expected an address such as ${EXAMPLE}, without a user, a query or a fragment. Use --header or --token.`,
    );
  }
  address.pathname = address.pathname.replace(/\/+$/, "");
  return {
    url: address,
    headers: readEntry(env, options),
    timeoutMs: readDuration("--timeout", options["timeout"] ?? "10s"),
  };
}

function readEntry(env: CliParts["env"], options: Given["options"]): Headers {
  const headers = readHeaders(listOf(options["header"]));
  const token = textOf(options["token"]) ?? textOf(env["LIVECACHE_TOKEN"]);
  if (token === undefined || headers.has("authorization")) return headers;
  try {
    headers.set("authorization", `Bearer ${token}`);
  } catch {
    throw wrongUse("--token: expected a token of printable signs, without line breaks.");
  }
  return headers;
}

/** Opens what a command asks: nothing is sent yet. */
export function openOperations(parts: CliParts, given: Given): OperationsClient {
  return createClient(readAddress(parts, given), parts);
}

/** Makes a client for an address. */
export function createClient(
  address: OperationsAddress,
  around: Pick<CliParts, "clock" | "signal">,
): OperationsClient {
  async function ask<T>(url: URL, init: RequestInit): Promise<T> {
    const { response, text } = await fetchText(
      url,
      { ...init, redirect: "manual" },
      { ...around, timeoutMs: address.timeoutMs },
    );
    if (!response.ok) throw refusal(url, response, text);
    try {
      return JSON.parse(text) as T;
    } catch {
      throw new CommandFailure(
        EXIT.unreachable,
        "no-operations",
        `${shown(url)} answers, but not with JSON: are the operations of Livecache mounted at ${address.url.pathname || "/"}? Those of a console are below its /api.`,
      );
    }
  }
  return {
    url: address.url,
    get: (path, query = {}) => ask(addressOf(address.url, path, query), { headers: address.headers }),
    post(path, body) {
      const headers = new Headers(address.headers);
      headers.set("content-type", "application/json");
      return ask(addressOf(address.url, path, {}), { method: "POST", headers, body: JSON.stringify(body) });
    },
  };
}

function addressOf(base: URL, path: string, query: Query): URL {
  const url = new URL(`${base.href.replace(/\/+$/, "")}/${path}`);
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? (value as readonly string[]) : [String(value)])
      url.searchParams.append(name, one);
  }
  return url;
}

/** One request with a deadline. Rejects with a `CommandFailure` that says why there was no answer. */
async function fetchText(
  url: URL,
  init: RequestInit,
  around: { readonly clock: Clock; readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<{ readonly response: Response; readonly text: string }> {
  const { clock, signal, timeoutMs } = around;
  const late = new AbortController();
  const cancel = clock.after(timeoutMs, () => late.abort(new Error(`no answer within ${timeoutMs} ms`)));
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.any([signal, late.signal]) });
    return { response, text: await response.text() };
  } catch (error) {
    throw new CommandFailure(
      EXIT.unreachable,
      "unreachable",
      `${shown(url)} cannot be reached: ${causeOf(error)}.`,
    );
  } finally {
    cancel();
  }
}

/** What lies behind "fetch failed". */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof AggregateError && cause.errors.length > 0) return messageOf(cause.errors[0]);
  return messageOf(cause ?? error).replace(/\.$/, "");
}

function refusal(url: URL, response: Response, text: string): CommandFailure {
  const { code, detail } = problemIn(text);
  const said =
    detail === undefined
      ? `HTTP ${response.status}`
      : `${detail.replace(/\.$/, "")} (${code ?? `HTTP ${response.status}`})`;
  if (response.status === 400) return new CommandFailure(EXIT.usage, code ?? "usage", `${said}.`);
  return new CommandFailure(
    EXIT.unreachable,
    code ?? `http-${response.status}`,
    `${shown(url)}: ${said}.${hintFor(response)}`,
  );
}

function problemIn(text: string): { readonly code?: string; readonly detail?: string } {
  try {
    const { code, detail } = JSON.parse(text) as Record<string, unknown>;
    return { ...(typeof code === "string" && { code }), ...(typeof detail === "string" && { detail }) };
  } catch {
    return {};
  }
}

function hintFor({ status, headers }: Response): string {
  if (status === 401) return " Say who you are with --token or --header.";
  if (status === 404)
    return " Are the operations of Livecache mounted there, and is its version as new as this command's?";
  if (status >= 300 && status < 400)
    return ` It leads to ${headers.get("location") ?? "another address"}; give the address itself.`;
  return "";
}

function shown(url: URL): string {
  return `${url.origin}${url.pathname}`;
}
