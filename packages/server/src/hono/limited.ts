import type { IncomingMessage } from "node:http";
import type { Context, MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import type { Live } from "../assembly/create-live.ts";
import { limitRequest } from "../http/limit-request.ts";
import { resolveLimited } from "../http/limited-options.ts";
import type { LimitedInput } from "../http/limited-options.ts";
import { stateOf } from "./request-state.ts";
import { isRerun } from "./rerun.ts";

/**
 * Limits how often requests come: put it before the handler, `app.post("/sign-in", limited(live, signInLimits(accountOf)), signIn)`, or before
 * all of them, `app.use(limited(live, api))`.
 *
 * A request above a limit is answered with 429 as problem+json and `Retry-After`, and goes no further. Every response carries `RateLimit` and
 * `RateLimit-Policy`. While the ground is away this node lets through its share. Addresses are known with Node's adapter; elsewhere all
 * requests count as from one address. Errors of `identify` and of functions of the options reach `onError`, and so does `LIVE_INPUT_INVALID`
 * for a subject or a cost that is none.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` for an option that is unknown or has a wrong value
 */
export function limited(live: Pick<Live, "door">, limits: LimitedInput<Context>): MiddlewareHandler {
  const route = resolveLimited(limits);
  const { door } = live;
  return async (c, next) => {
    // What Livecache asks again by itself costs nobody anything.
    if (isRerun(c)) return next();
    const incoming = (c.env as { incoming?: IncomingMessage } | undefined)?.incoming;
    const { fields, refusal, settle } = await limitRequest(door, route, {
      request: c,
      source: { headers: c.req.header(), remote: incoming?.socket?.remoteAddress },
      route: `${c.req.method} ${routePath(c)}`,
      identity: () => stateOf(door, c).identity(),
    });
    if (refusal) {
      const { status, headers, body } = refusal;
      return new Response(body, { status, headers: [...Object.entries(headers), ...pairs(fields)] });
    }
    await next();
    for (const [name, value] of fields) c.header(name, value, { append: true });
    settle?.(c.res.status);
    return undefined;
  };
}

function pairs(fields: readonly (readonly [string, string])[]): [string, string][] {
  return fields.map(([name, value]) => [name, value]);
}
