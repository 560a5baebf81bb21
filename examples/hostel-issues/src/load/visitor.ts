import { POSITION_HEADER } from "@livecache/wire";
import { DEMO_PEOPLE } from "../demo-people.ts";
import type { DemoPerson } from "../demo-people.ts";
import { countError } from "./tally.ts";
import type { Tally } from "./tally.ts";

/** What came back. `position` is where the change log stood. */
export interface Answer {
  readonly body: unknown;
  readonly position: string | undefined;
}

/** Somebody signed in who uses the API as a program would. */
export interface Visitor {
  readonly person: DemoPerson;
  readonly cookie: string;
  /**
   * Sends one request and counts it. The answer is `undefined` when it failed, which is counted too. `fence` is the position
   * that the answer must be at least as new as.
   */
  ask(method: string, path: string, options?: AskOptions): Promise<Answer | undefined>;
}

export interface AskOptions {
  readonly body?: unknown;
  readonly fence?: string | undefined;
}

const TIMEOUT_MS = 5_000;
const SIGN_IN_ATTEMPTS = 5;

/** Signs in all of the demonstration's people. */
export async function signInAll(url: string, tally: Tally): Promise<readonly Visitor[]> {
  return Promise.all(DEMO_PEOPLE.map((person) => signIn({ url, tally, person })));
}

interface VisitorParts {
  readonly url: string;
  readonly tally: Tally;
  readonly person: DemoPerson;
}

async function signIn({ url, tally, person }: VisitorParts): Promise<Visitor> {
  const { email, password } = person;
  for (let attempt = 1; ; attempt += 1) {
    const response = await post(`${url}/api/session`, { email, password });
    if (response?.status === 201) {
      const cookie = response.headers.getSetCookie()[0]!.split(";")[0]!;
      return { person, cookie, ask: createAsk({ url, tally, cookie }) };
    }
    if (attempt === SIGN_IN_ATTEMPTS) {
      throw new Error(`${person.name} could not sign in at ${url}: ${response?.status ?? "no answer"}.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function post(address: string, body: unknown): Promise<Response | undefined> {
  const headers = { "Content-Type": "application/json" };
  return fetch(address, { method: "POST", headers, body: JSON.stringify(body) }).catch(() => undefined);
}

function createAsk(parts: { url: string; tally: Tally; cookie: string }): Visitor["ask"] {
  const { url, tally, cookie } = parts;
  return async (method, path, { body, fence } = {}) => {
    tally.requests += 1;
    try {
      const response = await fetch(url + path, {
        method,
        headers: {
          Cookie: cookie,
          ...(fence && { [POSITION_HEADER]: fence }),
          ...(body !== undefined && { "Content-Type": "application/json" }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      countCacheStatus(tally, response.headers.get("Cache-Status"));
      const answer = {
        body: await response.json(),
        position: response.headers.get(POSITION_HEADER) ?? undefined,
      };
      if (response.ok) return answer;
      countError(tally, `HTTP ${response.status}`);
    } catch (error) {
      countError(tally, `no answer (${(error as Error).name})`);
    }
    return undefined;
  };
}

/** RFC 9211: `hit`, or `fwd=...` for an answer that the origin made, `collapsed` when another request's load served it too. */
function countCacheStatus(tally: Tally, status: string | null): void {
  if (!status) return;
  const parts = status.split(";").map((part) => part.trim());
  if (parts.includes("hit")) tally.hits += 1;
  else if (!parts.includes("collapsed")) tally.originLoads += 1;
}
