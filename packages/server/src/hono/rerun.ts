import type { Context } from "hono";
import type { LiveDoor } from "../assembly/create-live.ts";
import type { CachedRoute } from "../http/cached-route.ts";
import { HANDLER_LIMIT_MS } from "../http/handler-run.ts";
import type { HandlerRun, RunOrder } from "../http/handler-run.ts";
import { RerunFailure } from "../http/loading.ts";
import { planRequest } from "../http/plan.ts";
import type { RouteHost } from "../http/route-host.ts";
import type { Exchange } from "./exchange.ts";
import { plainGet } from "./plain-get.ts";
import type { Application } from "./request-state.ts";

/** A route that is to be run once more, as a request of its own. */
interface Rerun {
  readonly door: LiveDoor;
  readonly route: CachedRoute;
  readonly order: RunOrder & { readonly key: string };
  settle(run: HandlerRun): void;
  fail(error: Error): void;
}

/** A symbol, so that no header of a client can look like it. */
const RERUN = Symbol("livecache.rerun");

/** Whether this request is a rerun, of whichever route. */
export function isRerun(c: Context): boolean {
  return (c.env as { [RERUN]?: Rerun } | undefined)?.[RERUN] !== undefined;
}

/** What this request is the rerun of, if it is one of this route. */
export function rerunOf(c: Context, { door, route }: Pick<Rerun, "door" | "route">): Rerun | undefined {
  const rerun = (c.env as { [RERUN]?: Rerun } | undefined)?.[RERUN];
  return rerun?.route === route && rerun.door === door ? rerun : undefined;
}

/**
 * Sends the request through the whole application once more: a plain GET with the same headers and the same bindings, which no socket
 * waits for. All middleware runs again. Rejects when it comes to another key, or to nothing within {@link HANDLER_LIMIT_MS}.
 */
export function rerunRoute(
  { door, route, c }: Exchange,
  app: Application,
  order: Rerun["order"],
): Promise<HandlerRun> {
  return new Promise((resolve, reject) => {
    const cancelLimit = door.clock.after(HANDLER_LIMIT_MS, () =>
      fail(new RerunFailure(`the route did not answer within ${HANDLER_LIMIT_MS} ms`)),
    );
    const settle = (run: HandlerRun): void => {
      cancelLimit();
      resolve(run);
    };
    const fail = (error: Error): void => {
      cancelLimit();
      reject(error);
    };
    const rerun: Rerun = { door, route, order, settle, fail };
    // Not the client's own response: nothing that is written now may reach it.
    const env = { ...(c.env as object), outgoing: undefined, [RERUN]: rerun };
    // In a scope of its own: what the request before it has seen is not its business.
    door.scopes.run({ fence: undefined, changed: undefined }, () => {
      Promise.resolve(app.fetch(plainGet(c.req.raw), env)).then(
        (response) => {
          response.body?.cancel().catch(() => undefined);
          // It never came to the route, or the route has settled it already.
          settle({ type: "released", cause: "status", status: response.status });
        },
        (error: unknown) => fail(new RerunFailure("the rerun broke off", { cause: error })),
      );
    });
  });
}

/** Runs the handler of a rerun and tells what it came to. Its own response ends in nothing. */
export async function serveRerun(
  { order, route, settle, fail }: Rerun,
  exchange: Exchange,
  host: RouteHost,
): Promise<void> {
  const plan = await planRequest(route, host.request, () => host.identity());
  if (plan.type !== "lookup" || plan.key !== order.key) {
    fail(new RerunFailure("the rerun is no request for the same response"));
    exchange.send({ status: 204, without: [], headers: new Map(), body: undefined });
    return;
  }
  settle(await host.run(order));
}
