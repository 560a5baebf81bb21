import type { Position } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import type { Tasks } from "../base/tasks.ts";
import type { Ground, Realm } from "../ports/ground.ts";
import { createSessions } from "../sessions/sessions.ts";
import type { SessionRoom } from "../sessions/sessions.ts";
import type { ResolvedOptions } from "./resolve-options.ts";

/** What the room needs from the node. */
export interface SessionSurroundings {
  readonly node: string;
  readonly ground: Pick<Ground, "onStatus">;
  readonly stores: Pick<Realm, "sessionStore">;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly signal: AbortSignal;
  readonly warn: ResolvedOptions["warn"];
}

/** Opens the room of sessions, which tells the ground what was ended meanwhile as soon as that is back. */
export function openSessions(
  around: SessionSurroundings,
  told: {
    readonly onAppended: (position: Position) => void;
    readonly onPending: (tags: readonly string[]) => void;
  },
): SessionRoom {
  const { node, ground, stores, clock, tasks, signal, warn } = around;
  const room = createSessions({
    ...{ node, store: stores.sessionStore, clock, tasks, signal, warn },
    ...told,
  });
  const stopListening = ground.onStatus(({ state }) => {
    if (state === "here") room.wake();
  });
  signal.addEventListener("abort", stopListening, { once: true });
  return room;
}
