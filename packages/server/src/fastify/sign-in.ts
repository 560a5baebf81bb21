import { invalidOption, refuseUnknown } from "../base/check.ts";
import { FastifySessionStore } from "./session-store.ts";

/** Who signs in. */
export interface SignIn {
  readonly userId: string;
  /** Further properties of the new session. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** Properties that it takes over from the one before, such as a cart. Default: none. */
  readonly keep?: readonly string[];
}

/** What is needed of a request of Fastify with `@fastify/session`. */
export interface SessionRequest {
  readonly session: {
    readonly sessionId: string;
    regenerate(keep: string[]): Promise<void>;
    destroy(): Promise<void>;
  };
  readonly sessionStore: unknown;
}

/**
 * Signs a user in: the request gets a new session with a new id, so that an id that somebody knew before is worth nothing. In one step in
 * the ground the new session is there and the old one ends; requests that are on their way with the old id go on for 10 s with what
 * they had, without the new user. The property `userId` of the session says who it is; `signOutEverywhere` finds it by that.
 *
 * Once it has resolved the session is saved. It rejects while the ground is away; the request's session is worth nothing then.
 */
export async function signIn(request: SessionRequest, options: SignIn): Promise<void> {
  refuseUnknown("signIn", options, ["userId", "data", "keep"]);
  const { userId, data = {}, keep = [] } = options;
  if (typeof userId !== "string" || userId === "") throw invalidOption("signIn: userId", "a text", userId);
  const store = storeOf(request, "signIn");
  store.expectSignIn(request.session.sessionId, { userId, data });
  await request.session.regenerate(keep.filter((name) => name !== "cookie"));
}

/**
 * Ends the session of a request, and its sockets. Requests on their way with it save nothing any more. Rejects while the ground is away; on
 * this node it has ended all the same, and the ground is told when it is back.
 */
export async function signOut(request: SessionRequest): Promise<void> {
  storeOf(request, "signOut");
  await request.session.destroy();
}

function storeOf({ sessionStore }: SessionRequest, what: string): FastifySessionStore {
  if (sessionStore instanceof FastifySessionStore) return sessionStore;
  const received = sessionStore === undefined ? "one without sessions" : "one with another store";
  throw invalidOption(
    `${what}: request`,
    "a request behind @fastify/session with sessionSettings(live, ...)",
    received,
  );
}
