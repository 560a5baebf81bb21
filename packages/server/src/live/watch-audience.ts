import type { Broadcast, Peer } from "../base/conversation.ts";

/** A connection, as the groups that it watches in see it. */
export interface Watcher {
  readonly peer: Pick<Peer, "emit" | "enter" | "exit">;
  /** The watch of this id is over, and the client has been told. */
  ended(id: string): void;
}

/** Connections that are told the same frames. A single one is told by itself; more are told as a room, encoded once for all. */
export class Audience {
  readonly #id: string;
  readonly #broadcast: (told: Broadcast) => void;
  readonly #watchers = new Set<Watcher>();
  #isRoom = false;

  /** Makes an empty audience. `id` names it in its frames, and on this node. */
  constructor(id: string, broadcast: (told: Broadcast) => void) {
    this.#id = id;
    this.#broadcast = broadcast;
  }

  /** No channel can have this name. */
  get #room(): string {
    return `?${this.#id}`;
  }

  size(): number {
    return this.#watchers.size;
  }

  has(watcher: Watcher): boolean {
    return this.#watchers.has(watcher);
  }

  all(): Iterable<Watcher> {
    return this.#watchers;
  }

  admit(watcher: Watcher): void {
    this.#watchers.add(watcher);
    if (this.#isRoom) return watcher.peer.enter(this.#room);
    if (this.#watchers.size < 2) return;
    this.#isRoom = true;
    for (const { peer } of this.#watchers) peer.enter(this.#room);
  }

  dismiss(watcher: Watcher): void {
    if (this.#watchers.delete(watcher) && this.#isRoom) watcher.peer.exit(this.#room);
  }

  tell(frame: string, body: object): void {
    // Reliable, because whoever is not sent it would show something old for ever.
    if (this.#isRoom) this.#broadcast({ channel: this.#room, frame, args: [body], lane: "reliable" });
    else for (const { peer } of this.#watchers) peer.emit(frame, body);
  }
}
