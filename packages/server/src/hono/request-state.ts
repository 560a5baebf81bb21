import type { Context, Hono } from "hono";
import type { LiveDoor } from "../assembly/create-live.ts";
import { requestStateOn } from "../http/request-state.ts";
import type { RequestState } from "../http/request-state.ts";

/** The state of a request, made when it is first asked for. */
export function stateOf(door: LiveDoor, c: Context): RequestState {
  return requestStateOn(door, c, () => ({ headers: c.req.header(), url: targetOf(c.req.url) }));
}

/** Path and query of an absolute URL, as they are written. */
export function targetOf(url: string): string {
  const start = url.indexOf("/", url.indexOf("://") + 3);
  return start < 0 ? "/" : url.slice(start);
}

/** What can be asked again on behalf of the application. */
export type Application = Pick<Hono, "fetch">;

const APPLICATION = Symbol("livecache.application");

type Marked = Context & { [APPLICATION]?: Application | undefined };

/** Notes which application a request has come to. */
export function noteApplication(c: Marked, app: Application | undefined): void {
  if (app) c[APPLICATION] = app;
}

/** The application that was noted. */
export function applicationOf(c: Marked): Application | undefined {
  return c[APPLICATION];
}
