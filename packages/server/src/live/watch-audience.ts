import type { Broadcast, Peer } from "../base/conversation.ts";

/** A connection, as the groups that it watches in see it. */
export interface Watcher {
  readonly peer: Pick<Peer, "emit" | "enter" | "exit">;
  /** The watch of this id is over, and the client has been told. */
  ended(id: string): void;
}

/** Connections that are told the same frames. A single one is told by itself; more are told as a room, encoded once for all. */
export interface Audience {
  size(): number;
  has(watcher: Watcher): boolean;
  admit(watcher: Watcher): void;
  dismiss(watcher: Watcher): void;
  tell(frame: string, body: object): void;
  all(): Iterable<Watcher>;
}

/** Makes an empty audience. `id` names it in its frames, and on this node. */
export function createAudience(id: string, broadcast: (told: Broadcast) => void): Audience {
  const watchers = new Set<Watcher>();
  /** No channel can have this name. */
  const room = `?${id}`;
  let isRoom = false;
  return {
    size: () => watchers.size,
    has: (watcher) => watchers.has(watcher),
    admit(watcher) {
      watchers.add(watcher);
      if (isRoom) return watcher.peer.enter(room);
      if (watchers.size < 2) return;
      isRoom = true;
      for (const { peer } of watchers) peer.enter(room);
    },
    dismiss(watcher) {
      if (watchers.delete(watcher) && isRoom) watcher.peer.exit(room);
    },
    tell(frame, body) {
      // Whoever is not sent it would show something old for ever.
      if (isRoom) broadcast({ channel: room, frame, args: [body], lane: "reliable" });
      else for (const { peer } of watchers) peer.emit(frame, body);
    },
    all: () => watchers,
  };
}
