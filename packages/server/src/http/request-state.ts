import type { LiveDoor } from "../assembly/create-live.ts";
import type { Identity, IdentifyRequest } from "../base/identity.ts";
import type { RequestScope } from "../base/request-scope.ts";
import { scopeOf } from "./fence.ts";

/** What one instance of Livecache keeps of a request while it lasts. */
export interface RequestState {
  readonly scope: RequestScope;
  /** Who is asking. The application's `identify` is called once per request. */
  identity(): Promise<Identity | undefined>;
  /** Whether a cached route is running its handler for this request. */
  isCaptured: boolean;
}

const STATES = Symbol("livecache.states");

/** The framework's object for a request, on which the states of all instances are kept. */
type Marked = object & { [STATES]?: Map<LiveDoor, RequestState> };

/** The state of a request, made when it is first asked for. `read` says what `identify` is given. */
export function requestStateOn(
  door: LiveDoor,
  native: Marked,
  read: () => Omit<IdentifyRequest, "native">,
): RequestState {
  const states = (native[STATES] ??= new Map<LiveDoor, RequestState>());
  const known = states.get(door);
  if (known) return known;
  let identity: Promise<Identity | undefined> | undefined;
  const state: RequestState = {
    scope: scopeOf(read().headers),
    isCaptured: false,
    identity: () => (identity ??= door.identify({ ...read(), native })),
  };
  states.set(door, state);
  return state;
}
