import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Express, Request, Response } from "express";
import inject from "light-my-request";
import type { LiveDoor } from "../assembly/create-live.ts";
import type { CachedRoute } from "../http/cached-route.ts";
import { HANDLER_LIMIT_MS } from "../http/handler-run.ts";
import type { HandlerRun, RunOrder } from "../http/handler-run.ts";
import { RerunFailure } from "../http/loading.ts";
import { planRequest } from "../http/plan.ts";
import type { RouteHost } from "../http/route-host.ts";
import type { Exchange } from "./handler-run.ts";

/** What a rerun is to come to. */
type RerunOrder = RunOrder & { readonly key: string };

/** A route that is to be run once more, as a request of its own. */
interface Rerun {
  readonly door: LiveDoor;
  readonly route: CachedRoute;
  readonly order: RerunOrder;
  settle(run: HandlerRun): void;
  fail(error: Error): void;
}

/** A symbol, so that no header of a client can look like it. */
const RERUN = Symbol("livecache.rerun");

type Marked = IncomingMessage & { [RERUN]?: Rerun };

/** What this request is the rerun of, if it is one. */
export function rerunOf(req: Request): Rerun | undefined {
  return (req as Marked)[RERUN];
}

/**
 * Sends the request through the whole application once more: a plain GET with the same headers from the same address, which no socket
 * waits for. All middleware runs again. Rejects when it comes to another key, or to nothing within {@link HANDLER_LIMIT_MS}.
 */
export function rerunRoute(
  { door, route, req }: Exchange,
  order: RerunOrder,
  connection: Connection,
): Promise<HandlerRun> {
  return new Promise((resolve, reject) => {
    let response: ServerResponse | undefined;
    const cancelLimit = door.clock.after(HANDLER_LIMIT_MS, () => {
      fail(new RerunFailure(`the route did not answer within ${HANDLER_LIMIT_MS} ms`));
      if (response) drop(response);
    });
    const settle = (run: HandlerRun): void => {
      cancelLimit();
      resolve(run);
    };
    const fail = (error: Error): void => {
      cancelLimit();
      reject(error);
    };
    const app = rootOf(req.app as Express);
    // Not the application itself: given that, light-my-request would change the prototypes of all its requests.
    const dispatch = (request: IncomingMessage, made: ServerResponse): void => {
      response = made;
      resemble(request, req, connection);
      (request as Marked)[RERUN] = { door, route, order, settle, fail };
      app(request as Request, made as Response);
    };
    // In a scope of its own: what the request before it has seen is not its business.
    door.scopes.run({ fence: undefined, changed: undefined }, () => {
      inject(dispatch as Parameters<typeof inject>[0], { method: "GET", url: "/" }).then(
        // It never came to the route, or the route has settled it already.
        ({ statusCode }) => settle({ type: "released", cause: "status", status: statusCode }),
        (error: unknown) => fail(new RerunFailure("the rerun broke off", { cause: error })),
      );
    });
  });
}

/** Runs the handler of a rerun and tells what it came to. Its own response ends in nothing. */
export async function serveRerun(rerun: Rerun, host: RouteHost, res: Response): Promise<void> {
  const { route, order } = rerun;
  const plan = await planRequest(route, host.request, () => host.identity());
  if (plan.type !== "lookup" || plan.key !== order.key) {
    rerun.fail(new RerunFailure("the rerun is no request for the same response"));
    return void res.status(204).end();
  }
  const run = await host.run(order);
  rerun.settle(run);
  if (run.type === "released") return drop(res);
  host.reopen();
  if (run.type === "failed") res.status(500);
  res.end();
}

/** Whoever still writes to it hears that its client is gone. */
function drop(res: ServerResponse): void {
  if (res.writableEnded) return;
  res.on("error", () => undefined);
  res.destroy();
  res.req?.emit("close");
}

/** The application that the server calls: `req.app` may be one that is mounted in it. */
function rootOf(app: Express): Express {
  let root = app;
  for (;;) {
    const { parent } = root as unknown as { readonly parent?: Express };
    if (!parent) return root;
    root = parent;
  }
}

const CONDITIONS: ReadonlySet<string> = new Set(["if-none-match", "if-modified-since"]);

/** What is known of the connection that a request came over. */
type Connection = Partial<Socket> & { readonly encrypted: boolean | undefined };

/** Read at once: a socket that has closed forgets its addresses. */
export function connectionOf(socket: Socket): Connection {
  const { remoteAddress, remotePort, remoteFamily, localAddress, localPort } = socket;
  const { encrypted } = socket as { encrypted?: boolean };
  return { remoteAddress, remotePort, remoteFamily, localAddress, localPort, encrypted } as Connection;
}

/** Makes an injected request look like one that came over the same connection. */
function resemble(request: IncomingMessage, original: Request, connection: Connection): void {
  const headers = Object.entries(original.headers).filter(([name]) => !CONDITIONS.has(name));
  const { rawHeaders } = original;
  request.url = original.originalUrl;
  request.headers = Object.fromEntries(headers);
  request.rawHeaders = rawHeaders.filter(
    (_, index) => !CONDITIONS.has(rawHeaders[index & ~1]!.toLowerCase()),
  );
  request.httpVersion = original.httpVersion;
  request.complete = true;
  Object.defineProperty(request, "connection", { value: request.socket });
  const stay = (): unknown => request.socket;
  // Absent addresses too: one that is not known must not become that of this machine.
  Object.assign(request.socket, connection, {
    readable: true,
    writable: true,
    destroy: stay,
    setTimeout: stay,
  });
}
