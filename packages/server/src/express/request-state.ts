import type { Request } from "express";
import type { LiveDoor } from "../assembly/create-live.ts";
import type { Identity } from "../base/identity.ts";
import type { RequestScope } from "../base/request-scope.ts";
import { scopeOf } from "../http/fence.ts";

/** What one instance of Livecache keeps of a request while it lasts. */
export interface RequestState {
  readonly scope: RequestScope;
  /** Who is asking. The application's `identify` is called once per request. */
  identity(): Promise<Identity | undefined>;
  /** Whether a cached route is running its handler for this request. */
  isCaptured: boolean;
}

const STATES = Symbol("livecache.states");

type Marked = Request & { [STATES]?: Map<LiveDoor, RequestState> };

/** The state of a request, made when it is first asked for. */
export function requestState(door: LiveDoor, req: Marked): RequestState {
  const states = (req[STATES] ??= new Map<LiveDoor, RequestState>());
  const known = states.get(door);
  if (known) return known;
  let identity: Promise<Identity | undefined> | undefined;
  const state: RequestState = {
    scope: scopeOf(req.headers),
    isCaptured: false,
    identity: () => (identity ??= door.identify({ headers: req.headers, url: req.originalUrl, native: req })),
  };
  states.set(door, state);
  return state;
}
