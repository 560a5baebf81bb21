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
  /** Whether there is a connection: everything that is listened to comes in. */
  areOpen(): boolean;
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
  function deliver(message: string, name: string): void {
    for (const take of feeds.get(name)?.takers ?? []) take(message);
  }

  /** Names that are asked for in this turn of the process: one command subscribes to all of them. */
  let asked = new Map<string, Feed>();
  let subscribing: Promise<void> = Promise.resolve();

  async function subscribeAsked(): Promise<void> {
    // Behind everything that this turn still has to do.
    await new Promise<void>((resolve) => process.nextTick(resolve));
    const names = [...asked].filter(([name, feed]) => feeds.get(name) === feed).map(([name]) => name);
    asked = new Map();
    const wire = parts.link().wire();
    const parcels = [];
    for (let from = 0; from < names.length; from += FEEDS_AT_ONCE) {
      parcels.push(wire.subscribe(names.slice(from, from + FEEDS_AT_ONCE), deliver));
    }
    await Promise.all(parcels);
  }

  function open(name: string): Feed {
    const known = feeds.get(name);
    if (known) return known;
    if (asked.size === 0) subscribing = subscribeAsked();
    const feed = { takers: new Set<Take>(), subscribed: subscribing };
    asked.set(name, feed);
    feeds.set(name, feed);
    return feed;
  }

  function leave(name: string, feed: Feed, take: Take): void {
    feed.takers.delete(take);
    if (feed.takers.size > 0 || feeds.get(name) !== feed) return;
    feeds.delete(name);
    // Without a connection there is nothing to end, and a message that nobody takes is dropped.
    const ended = async (): Promise<void> => parts.link().wire().unsubscribe(name, deliver);
    parts.tasks.track(ended().catch(() => undefined));
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
    areOpen() {
      try {
        parts.link().wire();
        return true;
      } catch {
        return false;
      }
    },
    async restore(wire) {
      const names = [...feeds.keys()];
      for (let from = 0; from < names.length; from += FEEDS_AT_ONCE) {
        await wire.subscribe(names.slice(from, from + FEEDS_AT_ONCE), deliver);
      }
    },
  };
}
