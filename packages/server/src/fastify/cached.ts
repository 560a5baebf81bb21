import type { FastifyReply, FastifyRequest } from "fastify";
import type { Live } from "../assembly/create-live.ts";
import type { Duration } from "../base/duration.ts";
import { fullOptions, resolveCachedOptions, resolveTags } from "../http/cached-options.ts";
import type { CachedOptions } from "../http/cached-options.ts";
import { preparePush } from "../http/push-source.ts";
import { serveRoute } from "../http/serve-route.ts";
import { createExchange } from "./exchange.ts";
import type { Exchange } from "./exchange.ts";
import type { Payload } from "./payload.ts";
import { createFastifyHost } from "./fastify-host.ts";
import { rerunOf, serveRerun } from "./rerun.ts";

/** Hooks of one route. They take any request, so Fastify goes on inferring what the handler of the route is given. */
export interface CachedHooks {
  preHandler(request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void;
  onSend(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown>;
}

/**
 * Caches a GET route: give it as the options of the route, `app.get("/summary", cached(live, { ttl: "5m" }), summary)`, or spread it
 * among others, `{ schema, ...cached(live, "medium") }`. `"5m"` or `"medium"` alone stands for `{ ttl: "5m" }`.
 *
 * A stored response is answered without running the handler, until its TTL ends or a tag of it moves. It is looked up after all
 * `preHandler` hooks of the contexts around the route, so whatever they turn away is turned away. Of many requests for one missing
 * response, one runs the handler and all are answered from it. Everything about a request that its key does not hold must not
 * change the response: name it in `vary`. Requests with credentials go past the cache unless the route says how it varies, or that it
 * is public; `docs/reference/http.md` has all rules and headers.
 *
 * While the ground is away, handlers run, and what they answer is shared for at most a second. Errors of a handler reach Fastify's
 * error handling and are not stored. Errors of `identify` and `tags` go there too.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` for an option that is unknown or has a wrong value, `LIVE_INPUT_INVALID` for a
 * malformed tag
 */
export function cached<Request extends FastifyRequest = FastifyRequest>(
  live: Pick<Live, "door">,
  options: CachedOptions<Request> | (Duration & string),
): CachedHooks {
  // Which requests come to the route is its own business; they are those that it says.
  const full = fullOptions(options) as CachedOptions<FastifyRequest>;
  const route = resolveCachedOptions(full);
  const tagsOf = resolveTags(full.tags);
  const { door } = live;
  preparePush(door, route);
  /** A symbol of its own: a request may go through several cached routes, though only one may hold it. */
  const EXCHANGE = Symbol("livecache.exchange");
  type Marked = FastifyRequest & { [EXCHANGE]?: Exchange };
  return {
    preHandler(request: Marked, reply, done) {
      const rerun = rerunOf(request, { door, route });
      const exchange = createExchange({
        door,
        route,
        tagsOf,
        request,
        reply,
        done,
        isRerun: rerun !== undefined,
      });
      request[EXCHANGE] = exchange;
      const fail = (error: unknown): void => exchange.fail(error as Error);
      try {
        const host = createFastifyHost(exchange);
        const serving = rerun ? serveRerun(rerun, exchange, host) : serveRoute(door, route, host);
        serving?.catch(fail);
      } catch (error) {
        fail(error);
      }
    },
    async onSend(request: Marked, _reply, payload) {
      const exchange = request[EXCHANGE];
      return exchange ? exchange.onSend(payload as Payload) : payload;
    },
  };
}
