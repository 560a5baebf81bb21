import { AsyncLocalStorage } from "node:async_hooks";
import { reaches } from "@livecache/wire";
import type { Position } from "@livecache/wire";

/** What one HTTP request knows of positions, from its first middleware to its response. */
export interface RequestScope {
  /** The position that everything read on behalf of this request must be at least as new as. */
  fence: Position | undefined;
  /** The position of the last change made on behalf of this request. */
  changed: Position | undefined;
}

/** Carries the {@link RequestScope} from a door to the rooms, across `await`. */
export interface RequestScopes {
  run<T>(scope: RequestScope, work: () => T): T;
  current(): RequestScope | undefined;
  /** Notes a change on the current request, if there is one: its own later reads are fenced by it. */
  noteChange(position: Position): void;
  /** Carries nothing from now on. A carrier that is not closed costs every promise of the process a little. */
  close(): void;
}

/** Makes the carrier; one per instance of Livecache. */
export function createRequestScopes(): RequestScopes {
  const storage = new AsyncLocalStorage<RequestScope>();
  return {
    run: (scope, work) => storage.run(scope, work),
    current: () => storage.getStore(),
    close: () => storage.disable(),
    noteChange(position) {
      const scope = storage.getStore();
      if (!scope) return;
      scope.changed = position;
      if (!scope.fence || !reaches(scope.fence, position)) scope.fence = position;
    },
  };
}
