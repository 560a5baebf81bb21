import type { RequestHandler, Response } from "express";
import type { LiveDoor } from "../assembly/create-live.ts";
import type { Identity } from "../base/identity.ts";
import { createGuard } from "../http/guard.ts";
import type { Problem } from "../http/problem.ts";
import type { GuardOptions } from "../live/guarding.ts";
import { requestState } from "./request-state.ts";

/**
 * Lets on who `identify` says is somebody, whose token is not revoked and who is what `options` ask for; the handler finds the identity by
 * `identityOf(req)`. Everybody else is answered with problem+json: 401 and `WWW-Authenticate` for nobody, 403 for whoever may not, 503 and
 * `Retry-After` when that cannot be told. Mount it before `cached`. What `allow` throws goes to the error handlers.
 *
 * **While the ground is away** it goes on with what this node knows; with `sensitive` only until that is older than `maxStale`.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`
 */
export function guard<I extends Identity>(
  live: { readonly door: LiveDoor<I> },
  options: GuardOptions<I> = {},
): RequestHandler {
  const judge = createGuard(live.door, options);
  const door = live.door as LiveDoor;
  return (req, res, next) => {
    const state = requestState(door, req);
    const judging = judge({
      native: req,
      incoming: req,
      authorization: req.headers.authorization,
      identity: () => door.scopes.run(state.scope, state.identity),
    });
    // oxlint-disable-next-line promise/no-callback-in-promise -- it is how Express goes on
    judging.then((problem) => (problem ? answer(res, problem) : next()), next);
  };
}

function answer(res: Response, { status, headers, body }: Problem): void {
  res.status(status).set(headers).send(Buffer.from(body));
}
