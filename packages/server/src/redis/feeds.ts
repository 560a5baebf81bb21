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
  readonly subscribed: Promise<void>;
}

/** Most feeds that one command subscribes to. */
const FEEDS_AT_ONCE = 500;

/** Makes the subscriptions over one connection. */
export function createFeeds(parts: { link: () => Link; tasks: Tasks }): Feeds {
  const feeds = new Map<string, Feed>();
  /**
   * Feeds whose end Redis has not confirmed. Whoever opens one again waits for that, because the client library takes a
   * confirmation for the end of whatever is open when it comes.
   */
  const ending = new Map<string, Promise<void>>();

  function deliver(message: string, name: string): void {
    for (const take of feeds.get(name)?.takers ?? []) take(message);
  }

  async function subscribe(name: string): Promise<void> {
    await ending.get(name);
    await parts.link().wire().subscribe([name], deliver);
  }

  async function unsubscribe(wire: Wire, name: string): Promise<void> {
    try {
      await wire.unsubscribe(name, deliver);
    } catch (error) {
      // Nobody knows now what this connection is subscribed to; another one is subscribed to what is in use.
      const failure = error as LiveError;
      if (failure.code !== "LIVE_GROUND_BUSY") wire.end(failure);
    }
  }

  function open(name: string): Feed {
    const feed = feeds.get(name) ?? { takers: new Set(), subscribed: subscribe(name) };
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
    const ended = unsubscribe(wire, name).finally(() => {
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
      const names = [...feeds.keys()];
      for (let from = 0; from < names.length; from += FEEDS_AT_ONCE) {
        await wire.subscribe(names.slice(from, from + FEEDS_AT_ONCE), deliver);
      }
    },
  };
}
