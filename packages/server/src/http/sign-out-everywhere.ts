import type { SessionHost } from "./session-saves.ts";

/**
 * Ends all sessions of a user, `except` in one, such as the one that asks. Once it has resolved no node answers them, and their sockets
 * are told. Resolves with how many were ended.
 *
 * Rejects while the ground is away; on this node it holds at once all the same, and it is repeated when the ground is back.
 */
export function signOutEverywhere(
  live: Pick<SessionHost, "sessions">,
  userId: string,
  options: { readonly except?: string | undefined } = {},
): Promise<number> {
  return live.sessions.endAll(userId, options);
}
