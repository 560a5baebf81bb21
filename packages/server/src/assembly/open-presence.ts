import type { Broadcast } from "../base/conversation.ts";
import type { Hub } from "../live/hub.ts";
import { createPatternFinder } from "../live/contract-pattern.ts";
import { PRESENCE_LIMITS, createPresence } from "../presence/presence.ts";
import type { Presence } from "../presence/presence.ts";
import { createSocketSessions } from "../presence/socket-sessions.ts";
import type { SocketSessions } from "../presence/socket-sessions.ts";
import type { Clock } from "../base/clock.ts";
import type { Tasks } from "../base/tasks.ts";
import type { Ground, Realm } from "../ports/ground.ts";
import type { ResolvedOptions } from "./resolve-options.ts";

/** What both rooms need from the node. */
export interface PresenceSurroundings {
  readonly options: Pick<ResolvedOptions, "contract">;
  readonly ground: Pick<Ground, "status" | "onStatus">;
  readonly stores: Pick<Realm, "presenceStore" | "socketStore">;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly signal: AbortSignal;
  readonly warn: ResolvedOptions["warn"];
}

/** Who is there, and the records of sockets. */
export interface PresenceRooms {
  readonly presence: Presence;
  readonly sessions: SocketSessions;
  close(): Promise<void>;
}

/** Opens both rooms. `hub` is asked for only when there is something to tell. */
export function openPresence(around: PresenceSurroundings, hub: () => Pick<Hub, "broadcast">): PresenceRooms {
  const { options, ground, stores, clock, tasks, signal, warn } = around;
  const findPattern = createPatternFinder(options.contract);
  const { channels } = options.contract;
  const presence = createPresence({
    store: stores.presenceStore,
    isShown: (channel) => channels[findPattern(channel)?.pattern ?? ""]?.presence === true,
    broadcast: (told: Broadcast) => hub().broadcast(told),
    limits: PRESENCE_LIMITS,
    ...{ ground, clock, tasks, signal, warn },
  });
  const sessions = createSocketSessions({
    store: stores.socketStore,
    isHere: () => ground.status().state === "here",
    clock,
    track: tasks.track,
  });
  const stopListening = ground.onStatus(({ state }) => {
    if (state === "here") sessions.recover();
  });
  return {
    presence,
    sessions,
    async close() {
      stopListening();
      presence.close();
      await sessions.close();
    },
  };
}
