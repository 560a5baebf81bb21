import { NOTIFICATION_EVENT, READ_EVENT } from "@livecache/wire";
import type {
  KeptNotification,
  LiveError,
  MarkReadReply,
  MarkReadRequest,
  NotificationEvent,
  NotificationsReadEvent,
  NotificationsReply,
} from "@livecache/wire";
import { createBackoff } from "./backoff.ts";
import type { AnySubscription } from "./channel-subscription.ts";
import type { LiveClient } from "./client.ts";
import { systemClock } from "./clock.ts";
import { createStore } from "./store.ts";
import type { Store } from "./store.ts";

/** The notifications of the user who is signed in. */
export interface NotificationsSnapshot {
  readonly status: "loading" | "ready" | "error";
  /** Why they could not be loaded; loading is tried again if that may help. */
  readonly error: LiveError | undefined;
  /** The newest first. */
  readonly items: readonly KeptNotification[];
  readonly unread: number;
  /** Whether there are older ones to load. */
  readonly hasMore: boolean;
}

/** The notifications, as a store, and what can be done with them. */
export interface Notifications extends Store<NotificationsSnapshot> {
  /** Loads a page of older ones. Rejects as `client.request` does. */
  loadMore(): Promise<void>;
  /** Marks these, or the one and all that are not newer, as read; at once here, and everywhere when the server has it. Rejects as `client.request` does. */
  markRead(which: MarkReadRequest): Promise<void>;
}

/** Before anybody has subscribed. */
export const NO_NOTIFICATIONS: NotificationsSnapshot = Object.freeze({
  status: "loading",
  error: undefined,
  items: Object.freeze([]) as readonly KeptNotification[],
  unread: 0,
  hasMore: false,
});

const PAUSES = { retryMinMs: 500, retryMaxMs: 10_000 };

/** The notifications of the user as whom this client is connected, kept current by the user's own channel. */
export function notificationsOf(
  client: Pick<LiveClient, "listen" | "request" | "connection">,
): Notifications {
  const backoff = createBackoff(systemClock, PAUSES);
  let next: string | undefined;
  let subscription: AnySubscription | undefined;
  let isLoading = false;
  let isWanted = false;

  const store = createStore(NO_NOTIFICATIONS, () => {
    isWanted = true;
    const stop = client.connection.subscribe(() => {
      if (!subscription && client.connection.getSnapshot().status === "online") void load();
    });
    void load();
    return () => {
      isWanted = false;
      stop();
      backoff.reset();
      subscription?.close();
      subscription = undefined;
    };
  });

  async function load(): Promise<void> {
    if (isLoading || !isWanted) return;
    isLoading = true;
    try {
      const reply = await client.request<NotificationsReply>("notifications", {});
      backoff.reset();
      if (isWanted) take(reply);
    } catch (error) {
      failed(error as LiveError);
    } finally {
      isLoading = false;
    }
  }

  function failed(error: LiveError): void {
    // Offline nothing has gone wrong yet: it is asked again when the client is online.
    if (!isWanted || client.connection.getSnapshot().status !== "online") return;
    store.set({ ...store.getSnapshot(), status: "error", error });
    if (error.retryable) backoff.schedule(() => void load());
  }

  function take({ items, unread, channel, cursor, next: older }: NotificationsReply): void {
    next = older;
    store.set({ status: "ready", error: undefined, items, unread, hasMore: older !== undefined });
    subscription ??= client.listen(channel, {
      cursor,
      event(name, body) {
        if (name === NOTIFICATION_EVENT) store.set(withNew(store.getSnapshot(), body as NotificationEvent));
        if (name === READ_EVENT) store.set(withRead(store.getSnapshot(), body as NotificationsReadEvent));
      },
      resync: () => void load(),
      error: failed,
    });
  }

  return {
    subscribe: store.subscribe,
    getSnapshot: store.getSnapshot,
    async loadMore() {
      if (next === undefined) return;
      const page = await client.request<NotificationsReply>("notifications", { before: next });
      next = page.next;
      store.set(withOlder(store.getSnapshot(), page));
    },
    async markRead(which) {
      const { unread } = await client.request<MarkReadReply>("mark-read", which);
      store.set(withRead(store.getSnapshot(), { ...which, ...(unread !== undefined && { unread }) }));
    },
  };
}

function withNew(held: NotificationsSnapshot, event: NotificationEvent): NotificationsSnapshot {
  const { unread = held.unread + 1, ...notification } = event;
  if (held.items.some(({ id }) => id === notification.id)) return held;
  return { ...held, items: [{ ...notification, read: false }, ...held.items], unread };
}

function withRead(held: NotificationsSnapshot, event: NotificationsReadEvent): NotificationsSnapshot {
  const { upTo, ids = [] } = event;
  const last = held.items.find(({ id }) => id === upTo);
  let count = held.unread;
  const items = held.items.map((item) => {
    const isMeant = last ? item.at <= last.at : ids.includes(item.id);
    if (!isMeant || item.read) return item;
    count--;
    return { ...item, read: true };
  });
  return { ...held, items, unread: event.unread ?? Math.max(0, count) };
}

function withOlder(held: NotificationsSnapshot, page: NotificationsReply): NotificationsSnapshot {
  const known = new Set(held.items.map(({ id }) => id));
  const older = page.items.filter(({ id }) => !known.has(id));
  return { ...held, items: [...held.items, ...older], hasMore: page.next !== undefined };
}
