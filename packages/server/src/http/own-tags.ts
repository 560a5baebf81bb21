import type { Identity } from "../base/identity.ts";
import { identityTag } from "../base/identity-tag.ts";
import { isName } from "../base/names.ts";
import type { CachedRoute } from "./cached-route.ts";
import type { HandlerRun } from "./handler-run.ts";

/**
 * Adds to what a response depends on whose it is: one that varies by `userId` is one user's own, and rests on what that user may do. So
 * `live.change({ identity: userId })` reaches it, and the live queries of it. Nobody's response, and any other, is left as it is.
 */
export function withOwnTag<Run extends HandlerRun>(
  route: Pick<CachedRoute, "identityFields">,
  identity: Identity | undefined,
  run: Run,
): Run {
  if (run.type !== "held" || identity === undefined || !route.identityFields.includes("userId")) return run;
  const tag = identityTag(identity.userId);
  // What is no tag cannot be moved by a change either.
  return isName(tag) && !run.tags.includes(tag) ? { ...run, tags: [...run.tags, tag] } : run;
}
