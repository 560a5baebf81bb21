import { parseCursor, parsePosition } from "@livecache/wire";
import type { Cursor } from "@livecache/wire";
import type { ChannelEvent, HistoryReply, Subscription } from "../ports/change-log.ts";
import type { Feeds } from "./feeds.ts";

/** What a subscription needs from its surroundings. */
export interface SubscriptionParts {
  readonly channel: string;
  readonly feed: string;
  readonly feeds: Feeds;
  /** Reads where the channel stands, and what somebody has missed of it. */
  readonly read: () => Promise<HistoryReply>;
}

/**
 * Subscribes to the events of a channel. Where the channel stands is read after the feed is open, so that nothing falls in
 * between; events that came earlier wait until then, and those that were counted already are dropped.
 */
export async function subscribeChannel(
  { channel, feed, feeds, read }: SubscriptionParts,
  onEvent: (event: ChannelEvent) => void,
): Promise<Subscription> {
  let begun: HistoryReply | undefined;
  let told: Cursor | undefined;
  let closed = false;
  const early: ChannelEvent[] = [];

  function tell(event: ChannelEvent, { position }: HistoryReply): void {
    const counted = event.position.epoch === position.epoch && event.position.seq <= position.seq;
    // Over a change of connections the old one may still have something to say.
    const repeated = told?.epoch === event.cursor.epoch && event.cursor.offset <= told.offset;
    if (counted || repeated || closed) return;
    told = event.cursor;
    onEvent(event);
  }

  const stop = await feeds.listen(feed, (message) => {
    const event = readMessage(channel, message);
    if (!event) return;
    if (begun) tell(event, begun);
    else early.push(event);
  });
  try {
    const found = await read();
    begun = found;
    for (const event of early.splice(0)) tell(event, found);
    return {
      cursor: found.cursor,
      position: found.position,
      missed: found,
      async close() {
        closed = true;
        stop();
      },
    };
  } catch (error) {
    stop();
    throw error;
  }
}

/**
 * What a node says of an event in its message's first line, behind the `<position> <cursor> ` that `append.lua` writes. The body has the
 * rest of the message.
 */
export function formatHeader(changeId: string, name: string): string {
  return `${changeId} ${JSON.stringify(name)}`;
}

/** Position, cursor, change, name as JSON; then the body. */
const MESSAGE = /^(\S+) (\S+) (\S*) ("[^\n]*")\n/;

/** Reads a message as `append.lua` writes it. Anything else is not ours. */
export function readMessage(channel: string, message: string): ChannelEvent | undefined {
  const [header, place, stands, changeId, named] = MESSAGE.exec(message) ?? [];
  const position = parsePosition(place);
  const cursor = parseCursor(stands);
  const name = readName(named);
  if (!header || !cursor || !position || changeId === undefined || name === undefined) return undefined;
  return { channel, name, changeId, cursor, position, body: message.slice(header.length) };
}

/** Reads a name that was written as JSON, so that it has no line end. Most need no parser for that. */
function readName(text = ""): string | undefined {
  if (!text.includes("\\")) return text === "" ? undefined : text.slice(1, -1);
  try {
    return String(JSON.parse(text));
  } catch {
    return undefined;
  }
}
