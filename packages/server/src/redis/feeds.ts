import { LiveError, parseCursor, parsePosition } from "@livecache/wire";
import type { Cursor } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import { withDeadline } from "../base/deadline.ts";
import type { ChannelEvent, Subscription } from "../ports/change-log.ts";
import { toLiveError } from "./failure.ts";
import type { Link, RedisClient } from "./link.ts";

/** Takes one message of a feed, as it was published. */
type Take = (message: string) => void;

/** The sharded subscriptions of this process, shared by all who ask for the same feed. */
export interface Feeds {
  /** Every message of a feed from the moment this resolves, in the order published, also over new connections (what was
   * published in between is lost). The answer ends it. */
  listen(feed: string, take: Take): Promise<() => Promise<void>>;
  /** Subscribes to everything again, on a connection that is being set up. */
  restore(client: RedisClient): Promise<void>;
}

/** Makes the subscriptions over one connection. */
export function createFeeds(parts: { link: () => Link; clock: Clock; commandTimeoutMs: number }): Feeds {
  const feeds = new Map<string, { readonly takers: Set<Take>; subscribed: Promise<void> }>();
  const listenerOf = (takers: Set<Take>) => (message: string) => takers.forEach((take) => take(message));

  async function onClient(what: string, work: (client: RedisClient) => Promise<unknown>): Promise<void> {
    const client = parts.link().client();
    if (!client) throw new LiveError("LIVE_GROUND_AWAY", `${what}: Redis is away.`);
    try {
      await withDeadline(parts.clock, work(client), { what, limitMs: parts.commandTimeoutMs });
    } catch (error) {
      throw toLiveError(what, error);
    }
  }

  async function leave(feed: string, take: Take): Promise<void> {
    const entry = feeds.get(feed);
    if (!entry?.takers.delete(take) || entry.takers.size > 0) return;
    feeds.delete(feed);
    // Without a connection there is nothing to unsubscribe from.
    await onClient("SUNSUBSCRIBE", (client) => client.sUnsubscribe(feed)).catch(() => undefined);
  }

  return {
    async listen(feed, take) {
      let entry = feeds.get(feed);
      if (!entry) {
        const takers = new Set<Take>();
        entry = {
          takers,
          subscribed: onClient("SSUBSCRIBE", (client) => client.sSubscribe(feed, listenerOf(takers))),
        };
        feeds.set(feed, entry);
      }
      entry.takers.add(take);
      try {
        await entry.subscribed;
      } catch (error) {
        if (feeds.get(feed) === entry) feeds.delete(feed);
        throw error;
      }
      return () => leave(feed, take);
    },
    async restore(client) {
      await Promise.all([...feeds].map(([feed, { takers }]) => client.sSubscribe(feed, listenerOf(takers))));
    },
  };
}

/**
 * Subscribes to the events of a channel. The cursor is read after the feed is open, so that nothing falls in between; what came
 * before it is dropped.
 */
export async function subscribeChannel(
  feeds: Feeds,
  { feed, cursor }: { feed: string; cursor: () => Promise<Cursor> },
  onEvent: (event: ChannelEvent) => void,
): Promise<Subscription> {
  let start: Cursor | undefined;
  let early: ChannelEvent[] = [];
  const isNew = (event: ChannelEvent, from: Cursor): boolean =>
    event.cursor.epoch !== from.epoch || event.cursor.offset > from.offset;
  const stop = await feeds.listen(feed, (message) => {
    const event = readMessage(message);
    if (!event) return;
    if (!start) early.push(event);
    else if (isNew(event, start)) onEvent(event);
  });
  try {
    const from = await cursor();
    start = from;
    for (const event of early) if (isNew(event, from)) onEvent(event);
    early = [];
    return { cursor: from, close: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Reads a message as `append.lua` writes it: a JSON header, a line end, the body. Anything else is not ours. */
function readMessage(message: string): ChannelEvent | undefined {
  const end = message.indexOf("\n");
  try {
    const header = JSON.parse(message.slice(0, end)) as Record<
      "channel" | "name" | "cursor" | "position" | "changeId",
      string
    >;
    const cursor = parseCursor(header.cursor);
    const position = parsePosition(header.position);
    if (!cursor || !position) return undefined;
    const { channel, name, changeId } = header;
    return { channel, name, changeId, cursor, position, body: message.slice(end + 1) };
  } catch {
    return undefined;
  }
}

/** Keeps asking whether a subscriber's connection is alive; one that stays silent is dropped. */
export async function watchSubscriber(
  link: Link,
  { clock, commandTimeoutMs }: { clock: Clock; commandTimeoutMs: number },
): Promise<void> {
  const client = link.client();
  if (!client) return;
  try {
    await withDeadline(clock, client.ping(), { what: "subscriber: PING", limitMs: commandTimeoutMs * 2 });
  } catch (error) {
    if (link.client() === client) link.drop(toLiveError("subscriber: PING", error));
  }
}
