import type { IncomingMessage } from "node:http";
import { LiveError, isLiveError } from "@livecache/wire";
import type { LiveDoor } from "../assembly/create-live.ts";
import type { Identity } from "../base/identity.ts";
import { judgeIdentities } from "../live/guarding.ts";
import type { GuardOptions } from "../live/guarding.ts";
import { problemOf } from "./problem.ts";
import type { Problem } from "./problem.ts";

/** What a guard asks of a framework's door, for one request. */
export interface GuardedRequest {
  /** The framework's object for it, on which the identity is left. */
  readonly native: object;
  /** Node's own request, where there is one. */
  readonly incoming: IncomingMessage | undefined;
  readonly authorization: string | undefined;
  /** Who is asking: as of the whole request, so `identify` is called once. */
  identity(): Promise<Identity | undefined>;
}

/** Judges a request: the answer that turns it away, or `undefined` to let it on. Rejects with what `allow` throws. */
export type JudgeRequest = (request: GuardedRequest) => Promise<Problem | undefined>;

const IDENTITY = Symbol("livecache.identity");
const UNREPEATABLE = Symbol("livecache.unrepeatable");

/**
 * Makes a guard of requests, whatever the framework: 401 with `WWW-Authenticate` for nobody and for a token that is not accepted, 403 for
 * somebody who is not let in, 503 with `Retry-After` when it cannot be told who it is, or when a sensitive route is asked while
 * revocations are not known. All as `application/problem+json`.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`
 */
export function createGuard<I extends Identity>(
  { revocations }: Pick<LiveDoor<I>, "revocations">,
  options: GuardOptions<I>,
): JudgeRequest {
  const judge = judgeIdentities("guard", options, revocations);
  return async (request) => {
    // Its answer depends on the moment, which a fast lane does not see.
    if (options.sensitive && request.incoming) mark(request.incoming, UNREPEATABLE, true);
    const found = await askWho(request);
    if (isLiveError(found)) return refusal(found, request);
    const refused = await judge(found);
    if (refused) return refusal(refused, request);
    mark(request.native, IDENTITY, found);
    return undefined;
  };
}

async function askWho(request: GuardedRequest): Promise<Identity | undefined | LiveError> {
  try {
    return await request.identity();
  } catch (error) {
    if (isLiveError(error)) return error;
    throw error;
  }
}

/** RFC 6750: says that there was a token, if there was one, and what is wrong with it. Descriptions are of Livecache's own words. */
function refusal(error: LiveError, { authorization = "" }: GuardedRequest): Problem {
  const problem = problemOf(error);
  if (problem.status !== 401) return problem;
  const hadToken = error.code !== "LIVE_IDENTITY_REQUIRED" || /^bearer\b/i.test(authorization);
  const why = error.message.replace(/[^\x20-\x7e]|["\\]/g, "'");
  const challenge = hadToken ? `Bearer error="invalid_token", error_description="${why}"` : "Bearer";
  return { ...problem, headers: { ...problem.headers, "www-authenticate": challenge } };
}

/**
 * Who a guard has let in with this request: Express's `req`, Fastify's `request`, Hono's context.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` when no guard stands before the handler
 */
export function identityOf<I extends Identity = Identity>(native: object): I {
  const identity = (native as { [IDENTITY]?: I })[IDENTITY];
  if (identity === undefined) {
    throw new LiveError(
      "LIVE_OPTIONS_INVALID",
      "identityOf: no guard has let this request in. Put guard(live) before the handler.",
    );
  }
  return identity;
}

/** Whether a request has to go past its guard each time, whatever it looks like. */
export function isUnrepeatable(incoming: IncomingMessage): boolean {
  return UNREPEATABLE in incoming;
}

/** Not enumerable: who asked is nothing that a log of the request should show. */
function mark(native: object, name: symbol, value: unknown): void {
  Object.defineProperty(native, name, { value, configurable: true });
}
