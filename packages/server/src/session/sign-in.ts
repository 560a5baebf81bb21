import type { Store } from "express-session";
import { invalidOption, refuseUnknown } from "../base/check.ts";
import { LiveSessionStore } from "./session-store.ts";

type Request = Parameters<Store["createSession"]>[0];

/** Who signs in. */
export interface SignIn {
  readonly userId: string;
  /** Further properties of the new session. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** Properties that it takes over from the one before, such as a cart. Default: none. */
  readonly keep?: readonly string[];
}

/**
 * Signs a user in: the request gets a new session with a new id, so that an id that somebody knew before is worth nothing. In one step in
 * the ground the new session is there and the old one ends; requests that are on their way with the old id go on for 10 s with what
 * they had, without the new user. The property `userId` of the session says who it is; `signOutEverywhere` finds it by that.
 *
 * Once it has resolved the session is saved. When it rejects, also while the ground is away, the request has the session it had.
 */
export async function signIn(req: Request, options: SignIn): Promise<void> {
  refuseUnknown("signIn", options, ["userId", "data", "keep"]);
  const { userId, data = {}, keep = [] } = options;
  if (typeof userId !== "string" || userId === "") throw invalidOption("signIn: userId", "a text", userId);
  const { session: before, sessionID: oldId } = req;
  const store = storeOf(req, "signIn");
  store.generate(req);
  const kept: Record<string, unknown> = {};
  for (const name of keep) {
    if (name !== "cookie" && Object.hasOwn(before, name))
      kept[name] = (before as unknown as Record<string, unknown>)[name];
  }
  Object.assign(req.session, kept, data, { userId });
  try {
    await store.replace(req, oldId, userId);
  } catch (error) {
    req.session = before;
    req.sessionID = oldId;
    throw error;
  }
}

/**
 * Ends the session of a request, and its sockets. Requests on their way with it save nothing any more. Rejects while the ground is away; on
 * this node it has ended all the same, and the ground is told when it is back.
 */
export function signOut(req: Request): Promise<void> {
  storeOf(req, "signOut");
  return new Promise((resolve, reject) => {
    req.session.destroy((error: unknown) => (error ? reject(error as Error) : resolve()));
  });
}

function storeOf(req: Request, what: string): LiveSessionStore {
  const store: unknown = req.sessionStore;
  if (store instanceof LiveSessionStore) return store;
  const hint = "a request that went through session(sessionSettings(live, ...)) before";
  throw invalidOption(
    `${what}: request`,
    hint,
    store === undefined ? "one without sessions" : "one with another store",
  );
}
