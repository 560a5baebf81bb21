import type { IncomingMessage } from "node:http";
import type { MiddlewareHandler } from "hono";
import type { LiveDoor } from "../assembly/create-live.ts";
import type { Identity } from "../base/identity.ts";
import { createGuard } from "../http/guard.ts";
import type { GuardOptions } from "../live/guarding.ts";
import { stateOf } from "./request-state.ts";

/**
 * Lets on who `identify` says is somebody, whose token is not revoked and who is what `options` ask for; the handler finds the identity by
 * `identityOf(c)`. Everybody else is answered with problem+json: 401 and `WWW-Authenticate` for nobody, 403 for whoever may not, 503 and
 * `Retry-After` when that cannot be told. Put it before `cached`. What `allow` throws goes to `app.onError`.
 *
 * **While the ground is away** it goes on with what this node knows; with `sensitive` only until that is older than `maxStale`.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`
 */
export function guard<I extends Identity>(
  live: { readonly door: LiveDoor<I> },
  options: GuardOptions<I> = {},
): MiddlewareHandler {
  const judge = createGuard(live.door, options);
  const door = live.door as LiveDoor;
  return async (c, next) => {
    const state = stateOf(door, c);
    const problem = await judge({
      native: c,
      incoming: (c.env as { incoming?: IncomingMessage } | undefined)?.incoming,
      authorization: c.req.header("authorization"),
      identity: () => door.scopes.run(state.scope, state.identity),
    });
    if (problem) return new Response(problem.body, { status: problem.status, headers: problem.headers });
    await next();
    return undefined;
  };
}
