import { Readable } from "node:stream";
import type { FastifyRequest } from "fastify";
import type { LiveDoor } from "../assembly/create-live.ts";
import type { CachedRoute } from "../http/cached-route.ts";
import { HANDLER_LIMIT_MS } from "../http/handler-run.ts";
import type { HandlerRun, RunOrder } from "../http/handler-run.ts";
import { RerunFailure } from "../http/loading.ts";
import { planRequest } from "../http/plan.ts";
import type { RouteHost } from "../http/route-host.ts";
import type { Exchange } from "./exchange.ts";

/** A route that is to be run once more, as a request of its own. */
interface Rerun {
  readonly door: LiveDoor;
  readonly route: CachedRoute;
  readonly order: RunOrder & { readonly key: string };
  readonly isEncrypted: boolean;
  settle(run: HandlerRun): void;
  fail(error: Error): void;
}

/** A symbol, so that no header of a client can look like it. */
const RERUN = Symbol("livecache.rerun");

/** Whether this request is a rerun, of whichever route. */
export function isRerun({ raw }: FastifyRequest): boolean {
  return (raw as { [RERUN]?: Rerun })[RERUN] !== undefined;
}

/** What this request is the rerun of, if it is one of this route. */
export function rerunOf(
  { raw }: FastifyRequest,
  { door, route }: Pick<Rerun, "door" | "route">,
): Rerun | undefined {
  const rerun = (raw as { [RERUN]?: Rerun })[RERUN];
  if (!rerun || rerun.route !== route || rerun.door !== door) return undefined;
  Object.assign(raw.socket, { encrypted: rerun.isEncrypted });
  return rerun;
}

const LEFT_OUT: ReadonlySet<string> = new Set(["if-none-match", "if-modified-since", "content-length"]);

/**
 * Sends the request through the whole application once more: a plain GET with the same headers from the same address, which no socket
 * waits for. All hooks run again. Rejects when it comes to another key, or to nothing within {@link HANDLER_LIMIT_MS}.
 */
export function rerunRoute({ door, route, request }: Exchange, order: Rerun["order"]): Promise<HandlerRun> {
  return new Promise((resolve, reject) => {
    const { raw, server, originalUrl } = request;
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
    const { encrypted = false } = raw.socket as { encrypted?: boolean };
    // Its constructor is not called: only what stands on the prototype is seen.
    class MarkedRequest extends Readable {}
    const rerun: Rerun = { door, route, order, isEncrypted: encrypted, settle, fail };
    Object.assign(MarkedRequest.prototype, { [RERUN]: rerun });
    const headers = Object.fromEntries(
      Object.entries(raw.headers).filter(([name, value]) => value !== undefined && !LEFT_OUT.has(name)),
    );
    const given = {
      ...{ method: "GET" as const, url: originalUrl, headers, Request: MarkedRequest },
      // An address that is not known must not become that of this machine.
      remoteAddress: raw.socket.remoteAddress ?? "0.0.0.0",
    };
    // In a scope of its own: what the request before it has seen is not its business.
    door.scopes.run({ fence: undefined, changed: undefined }, () => {
      server.inject(given).then(
        // It never came to the route, or the route has settled it already.
        ({ statusCode }) => settle({ type: "released", cause: "status", status: statusCode }),
        (error: unknown) => fail(new RerunFailure("the rerun broke off", { cause: error })),
      );
    });
  });
}

/** Runs the handler of a rerun and tells what it came to. Its own response ends in nothing. */
export async function serveRerun(rerun: Rerun, exchange: Exchange, host: RouteHost): Promise<void> {
  const { route, order } = rerun;
  const plan = await planRequest(route, host.request, () => host.identity());
  if (plan.type !== "lookup" || plan.key !== order.key) {
    rerun.fail(new RerunFailure("the rerun is no request for the same response"));
    exchange.send({ status: 204, without: [], headers: new Map(), body: undefined });
    return;
  }
  const run = await host.run(order);
  rerun.settle(run);
  if (run.type === "released") return;
  host.reopen();
  exchange.send({ status: 204, without: [], headers: new Map(), body: undefined });
}
