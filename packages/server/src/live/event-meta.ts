import { formatCursor, formatPosition } from "@livecache/wire";
import type { EventMeta } from "@livecache/wire";
import type { ChannelEvent } from "../ports/change-log.ts";

/** What a client is told of an event besides its body. */
export function toMeta({ channel, cursor, position, changeId }: ChannelEvent): EventMeta {
  return { channel, cursor: formatCursor(cursor), position: formatPosition(position), changeId };
}
