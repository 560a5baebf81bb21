import type { FastifyReply, FastifyRequest } from "fastify";
import type { Live } from "../assembly/create-live.ts";
import { limitRequest } from "../http/limit-request.ts";
import { resolveLimited } from "../http/limited-options.ts";
import type { LimitedInput } from "../http/limited-options.ts";
import { stateOf } from "./request-state.ts";
import { isRerun } from "./rerun.ts";

/** Hooks of one route. They take any request, so Fastify goes on inferring what the handler of the route is given. */
export interface LimitedHooks {
  preValidation(request: FastifyRequest, reply: FastifyReply): Promise<unknown>;
  onResponse(request: FastifyRequest, reply: FastifyReply): Promise<void>;
}

/**
 * Limits how often requests come: give it as the options of the route, `app.post("/sign-in", limited(live, signInLimits(accountOf)), signIn)`,
 * or spread it among others, `{ ...limited(live, api), ...cached(live, "medium") }`. It works before the request is validated, and after its
 * body was read.
 *
 * A request above a limit is answered with 429 as problem+json and `Retry-After`, and goes no further. Every response carries `RateLimit` and
 * `RateLimit-Policy`. While the ground is away this node lets through its share. Errors of `identify` and of functions of the options
 * reach Fastify's error handling, and so does `LIVE_INPUT_INVALID` for a subject or a cost that is none.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` for an option that is unknown or has a wrong value
 */
export function limited<Request extends FastifyRequest = FastifyRequest>(
  live: Pick<Live, "door">,
  limits: LimitedInput<Request>,
): LimitedHooks {
  // Which requests come to the route is its own business; they are those that it says.
  const route = resolveLimited(limits as LimitedInput<FastifyRequest>);
  const { door } = live;
  const SETTLE = Symbol("livecache.settle");
  type Marked = FastifyRequest & { [SETTLE]?: (status: number) => void };
  return {
    async preValidation(request: Marked, reply) {
      // What Livecache asks again by itself costs nobody anything.
      if (isRerun(request)) return undefined;
      const { raw, method, routeOptions } = request;
      const { fields, refusal, settle } = await limitRequest(door, route, {
        request,
        source: { headers: raw.headers, remote: raw.socket.remoteAddress },
        route: `${method} ${routeOptions.url ?? ""}`,
        identity: () => stateOf(door, request).identity(),
      });
      for (const [name, value] of fields) reply.header(name, joined(reply.getHeader(name), value));
      if (!refusal) {
        if (settle) request[SETTLE] = settle;
        return undefined;
      }
      const { status, headers, body } = refusal;
      return reply.code(status).headers(headers).send(Buffer.from(body));
    },
    async onResponse(request: Marked, reply) {
      request[SETTLE]?.(reply.statusCode);
    },
  };
}

function joined(before: unknown, value: string): string {
  return before === undefined ? value : `${String(before)}, ${value}`;
}
