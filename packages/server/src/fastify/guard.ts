import type { FastifyReply, FastifyRequest } from "fastify";
import type { LiveDoor } from "../assembly/create-live.ts";
import type { Identity } from "../base/identity.ts";
import { createGuard } from "../http/guard.ts";
import type { GuardOptions } from "../live/guarding.ts";
import { stateOf } from "./request-state.ts";

/**
 * Lets on who `identify` says is somebody, whose token is not revoked and who is what `options` ask for; the handler finds the identity by
 * `identityOf(request)`. Everybody else is answered with problem+json: 401 and `WWW-Authenticate` for nobody, 403 for whoever may not, 503
 * and `Retry-After` when that cannot be told. A hook of a route or of all: `{ onRequest: guard(live) }`, `app.addHook("onRequest", guard(live))`,
 * after the hooks that `identify` relies on. What `allow` throws goes to the error handler.
 *
 * **While the ground is away** it goes on with what this node knows; with `sensitive` only until that is older than `maxStale`.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`
 */
export function guard<I extends Identity>(
  live: { readonly door: LiveDoor<I> },
  options: GuardOptions<I> = {},
): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> {
  const judge = createGuard(live.door, options);
  const door = live.door as LiveDoor;
  return async (request, reply) => {
    const state = stateOf(door, request);
    const problem = await judge({
      native: request,
      incoming: request.raw,
      authorization: request.headers.authorization,
      identity: () => door.scopes.run(state.scope, state.identity),
    });
    if (!problem) return undefined;
    return reply.code(problem.status).headers(problem.headers).send(Buffer.from(problem.body));
  };
}
