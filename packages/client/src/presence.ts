import type {
  LiveError,
  PresenceDiffFrame,
  PresenceReply,
  PresenceSetRequest,
  PresentUser,
} from "@livecache/wire";
import { createBackoff } from "./backoff.ts";
import type { LiveClient } from "./client.ts";
import { systemClock } from "./clock.ts";
import { pageHidden, onVisibility } from "./page.ts";
import { createStore } from "./store.ts";
import type { Store } from "./store.ts";

/** Who is in a channel. */
export interface PresenceSnapshot {
  readonly status: "loading" | "ready";
  /** Ordered by id; when more than 200 are there, the first 200 as of the last loading. */
  readonly users: readonly PresentUser[];
  /** How many are there in all. */
  readonly count: number;
  /** Nobody knows better just now: the client is offline, or the server cannot reach the ground. */
  readonly isStale: boolean;
  /** Why the client is not let into the channel; it asks again after the next reconnect. */
  readonly error: LiveError | undefined;
}

/** What a user says of itself in a channel. */
export type PresenceOwn = Omit<PresenceSetRequest, "channel">;

/** Who is in a channel, as a store; and what this client says of its own user there. */
export interface ChannelPresence extends Store<PresenceSnapshot> {
  /** Says it now, or as soon as the channel is joined, and again after each reconnect. */
  set(own: PresenceOwn): void;
}

type AnyClient = Pick<LiveClient, "listen" | "request">;

/** Before anybody has subscribed. */
export const NOBODY: PresenceSnapshot = Object.freeze({
  status: "loading",
  users: Object.freeze([]) as readonly PresentUser[],
  count: 0,
  isStale: false,
  error: undefined,
});

const PAUSES = { retryMinMs: 500, retryMaxMs: 10_000 };

/** Who is in the channel of this name. The channel must have `presence: true` in the contract. */
export function presenceIn(client: AnyClient, channel: string): ChannelPresence {
  const backoff = createBackoff(systemClock, PAUSES);
  let version: string | undefined;
  let own: PresenceOwn | undefined;
  let isIn = false;
  /** Differences that came while the list was being loaded; `undefined` when it is not. */
  let waiting: PresenceDiffFrame[] | undefined;

  const store = createStore(NOBODY, () => {
    const subscription = client.listen(channel, {
      event: () => {},
      error: (error) => store.set({ ...store.getSnapshot(), error }),
      joined() {
        isIn = true;
        tellOwn();
        load();
      },
      lost() {
        forget();
        store.set({ ...store.getSnapshot(), isStale: true });
      },
      frame(name, body) {
        if (name === "presence-diff") heed(body as PresenceDiffFrame);
      },
    });
    return () => {
      forget();
      subscription.close();
    };
  });

  function forget(): void {
    isIn = false;
    waiting = version = undefined;
    backoff.reset();
  }

  function tellOwn(): void {
    if (own && isIn) client.request("presence-set", { channel, ...own }).catch(() => {});
  }

  function load(): void {
    if (!isIn || waiting) return;
    const mine: PresenceDiffFrame[] = [];
    waiting = mine;
    client.request<PresenceReply>("presence", { channel }).then(
      (reply) => {
        if (waiting !== mine) return;
        waiting = undefined;
        backoff.reset();
        version = reply.version;
        const { users, count, stale = false } = reply;
        store.set({ status: "ready", users, count, isStale: stale, error: undefined });
        const first = mine.findIndex(({ from }) => from === version);
        if (first >= 0) mine.slice(first).forEach(heed);
      },
      () => {
        if (waiting !== mine) return;
        waiting = undefined;
        backoff.schedule(load);
      },
    );
  }

  function heed(diff: PresenceDiffFrame): void {
    if (waiting) return void waiting.push(diff);
    const held = store.getSnapshot();
    const { count, from, stale: isStale = held.isStale } = diff;
    if (diff.version === version || from === undefined) {
      // Too many for lists: only how many they are is told, so the list held is of no version any more.
      if (diff.version !== version) version = undefined;
      store.set({ ...held, count, isStale });
    } else if (from === version) {
      version = diff.version;
      store.set({ ...held, users: merged(held.users, diff), count, isStale });
    } else {
      load();
    }
  }

  return {
    ...store,
    set(next) {
      own = { ...own, ...next };
      tellOwn();
    },
  };
}

function merged(users: readonly PresentUser[], diff: PresenceDiffFrame): readonly PresentUser[] {
  const byId = new Map(users.map((user) => [user.userId, user]));
  for (const userId of diff.left ?? []) byId.delete(userId);
  for (const user of [...(diff.joined ?? []), ...(diff.changed ?? [])]) byId.set(user.userId, user);
  return [...byId.values()].sort((a, b) => (a.userId < b.userId ? -1 : 1));
}

/**
 * Says in all channels that the user is away while the page is hidden, and back when it is shown. Answers what ends it. Outside a page it
 * does nothing.
 */
export function awayWhileHidden(client: Pick<LiveClient, "request" | "connection">): () => void {
  let said: "online" | "away" = "online";
  const tell = (): void => {
    const state = pageHidden() ? "away" : "online";
    if (state === said || client.connection.getSnapshot().status !== "online") return;
    said = state;
    client.request("presence-set", { state }).catch(() => (said = state === "away" ? "online" : "away"));
  };
  const stopWatching = onVisibility(tell);
  const stopListening = client.connection.subscribe(() => {
    if (client.connection.getSnapshot().status === "offline") said = "online";
    tell();
  });
  return () => {
    stopWatching();
    stopListening();
  };
}
