import type { Cancel, Clock } from "../base/clock.ts";
import type { Peer } from "../base/conversation.ts";
import type { Tasks } from "../base/tasks.ts";
import type { PresenceStore } from "../ports/presence-store.ts";
import { createAnnouncer } from "./announcer.ts";
import { createIncarnation } from "./incarnation.ts";
import { createLocalUsers } from "./local-users.ts";
import type { LocalConnection } from "./local-users.ts";
import { MAX_USER_ID_LENGTH } from "./presence-frame.ts";

/** Bounds of presence on one node. */
export interface PresenceLimits {
  /** How long who left is there still, so that a page which is reloaded makes no noise. */
  readonly graceMs: number;
  /** Most users that this node speaks for, in all channels together. */
  readonly maxUsers: number;
}

/** What speaking needs from its surroundings. */
export interface SpeechParts {
  readonly store: PresenceStore;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly signal: AbortSignal;
  readonly limits: PresenceLimits;
  readonly warn: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}

/** What this node says of the users of its own connections. */
export interface Speech {
  /** Begins to speak for a connection; nothing for nobody. */
  connect(peer: Peer): LocalConnection | undefined;
  /** The ground is back: what waits is said at once. */
  resume(): void;
  /** The ground may have lost what was said: everything is said again, under a new name. */
  restate(): void;
  /** How many users in channels it speaks for, and how many it refused to. */
  figures(): { readonly users: number; readonly usersRefused: number };
  close(): void;
}

/** Makes the speech of one node. It says nothing before somebody connects. */
export function createSpeech({ store, clock, tasks, signal, limits, warn }: SpeechParts): Speech {
  const around = { store, clock, tasks, signal };
  let usersRefused = 0;
  let cancelExpiry: Cancel | undefined;

  const users = createLocalUsers({
    ...limits,
    now: clock.now,
    onChange: (channel, userId) => announcer.mark(channel, userId),
    onGrace: () => expireIn(limits.graceMs),
    onLimit: () => refuse(`this node speaks for ${limits.maxUsers} users already`),
  });
  const incarnation = createIncarnation({
    ...around,
    channels: users.channels,
    isDone: () => announcer.isDone(),
    onBegun() {
      for (const [channel, userId] of users.all()) announcer.mark(channel, userId);
      announcer.resume();
    },
  });
  const announcer = createAnnouncer({
    ...around,
    spoken: users.spoken,
    incarnation: incarnation.name,
    onEnded: incarnation.end,
  });

  function refuse(why: string): void {
    usersRefused++;
    if (usersRefused === 1) warn(`a user is not announced, because ${why}`);
  }

  function expireIn(ms: number): void {
    cancelExpiry = clock.after(ms, () => {
      const next = users.expire(clock.now());
      if (next !== undefined) expireIn(Math.max(1, next - clock.now()));
    });
  }

  return {
    connect(peer) {
      const userId = peer.identity()?.userId;
      if (userId === undefined || signal.aborted) return undefined;
      if (userId === "" || userId.length > MAX_USER_ID_LENGTH) {
        refuse(`its id has not 1 to ${MAX_USER_ID_LENGTH} characters`);
        return undefined;
      }
      incarnation.begin();
      return users.connect(userId);
    },
    resume() {
      incarnation.wake();
      announcer.resume();
    },
    restate() {
      const said = incarnation.name();
      if (said !== undefined) incarnation.end(said);
    },
    figures: () => ({ users: users.size(), usersRefused }),
    close: () => cancelExpiry?.(),
  };
}
