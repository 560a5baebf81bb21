import type { LiveError } from "@livecache/wire";
import type { Tasks } from "../base/tasks.ts";
import type { Link } from "./link.ts";
import type { Wire } from "./wire.ts";

/** Takes one message of a feed, as it was published. */
export type Take = (message: string) => void;

/** The sharded subscriptions of this process, shared by all who ask for the same feed. */
export interface Feeds {
  /**
   * Takes every message of a feed from the moment this resolves, in the order published, also over later connections; what was
   * published between two connections is lost. The answer ends it. Rejects as a link does.
   */
  listen(feed: string, take: Take): Promise<() => void>;
  /** Subscribes to everything again, on a connection that is being set up. */
  restore(wire: Wire): Promise<void>;
}

interface Feed {
  readonly takers: Set<Take>;
  readonly onMessage: (message: string) => void;
  subscribed: Promise<void>;
}

/** Makes the subscriptions over one connection. */
export function createFeeds(parts: { link: () => Link; tasks: Tasks }): Feeds {
  const feeds = new Map<string, Feed>();
  /**
   * Feeds whose end Redis has not confirmed. Whoever opens one again waits for that, because the client library takes a
   * confirmation for the end of whatever is open when it comes.
   */
  const ending = new Map<string, Promise<void>>();

  async function subscribe(name: string, onMessage: Take): Promise<void> {
    await ending.get(name);
    await parts.link().wire().subscribe(name, onMessage);
  }

  async function unsubscribe(wire: Wire, name: string, onMessage: Take): Promise<void> {
    try {
      await wire.unsubscribe(name, onMessage);
    } catch (error) {
      // Nobody knows now what this connection is subscribed to; another one is subscribed to what is in use.
      const failure = error as LiveError;
      if (failure.code !== "LIVE_GROUND_BUSY") wire.end(failure);
    }
  }

  function open(name: string): Feed {
    const known = feeds.get(name);
    if (known) return known;
    const takers = new Set<Take>();
    const onMessage = (message: string): void => takers.forEach((take) => take(message));
    const feed = { takers, onMessage, subscribed: subscribe(name, onMessage) };
    feeds.set(name, feed);
    return feed;
  }

  function leave(name: string, feed: Feed, take: Take): void {
    feed.takers.delete(take);
    if (feed.takers.size > 0 || feeds.get(name) !== feed) return;
    feeds.delete(name);
    const wire = parts.link().current();
    // Without a connection there is nothing to end.
    if (!wire) return;
    const ended = unsubscribe(wire, name, feed.onMessage).finally(() => {
      if (ending.get(name) === ended) ending.delete(name);
    });
    ending.set(name, ended);
    parts.tasks.track(ended);
  }

  return {
    async listen(name, take) {
      // Without a connection no feed is open, whatever was subscribed to before.
      parts.link().wire();
      const feed = open(name);
      feed.takers.add(take);
      try {
        await feed.subscribed;
      } catch (error) {
        leave(name, feed, take);
        throw error;
      }
      return () => leave(name, feed, take);
    },
    async restore(wire) {
      for (const [name, feed] of feeds) {
        feed.subscribed = wire.subscribe(name, feed.onMessage);
        feed.subscribed.catch(() => undefined);
      }
      await Promise.all([...feeds.values()].map(({ subscribed }) => subscribed));
    },
  };
}
