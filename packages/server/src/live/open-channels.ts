import type { Contract, Cursor } from "@livecache/wire";
import type { Broadcast } from "../base/conversation.ts";
import type { Signals } from "../base/signals.ts";
import type { ChannelEvent } from "../ports/change-log.ts";
import { createChannels } from "./channels.ts";
import type { Channels, ChannelsParts } from "./channels.ts";
import type { PatternFinder } from "./contract-pattern.ts";
import { toMeta } from "./event-meta.ts";
import { createFollowers } from "./followers.ts";
import type { Followers } from "./followers.ts";
import { keptHistories } from "./kept-history.ts";
import { createByteRoom } from "./byte-room.ts";
import { createWhispers } from "./whispers.ts";
import type { Whispers } from "./whispers.ts";

/** What the channels of a hub are opened with. */
export interface OpenChannelsParts extends Pick<
  ChannelsParts,
  "changeLog" | "applied" | "require" | "clock" | "tasks" | "room" | "lane"
> {
  readonly contract: Contract;
  readonly findPattern: PatternFinder;
  /** Tells the members of a channel on this node. */
  readonly broadcast: (told: Broadcast) => void;
  readonly signals: Pick<Signals, "tell">;
  readonly warn: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}

/** The channels of a hub, those who follow them on the server, and what is whispered in them. */
export interface OpenChannels {
  readonly channels: Channels;
  readonly followers: Followers;
  readonly whispers: Whispers;
}

/** Memory for recent events, over all channels of a node. */
const MAX_RECENT_BYTES = 8 * 1024 * 1024;

const KEPT_NOTHING = { maxEvents: 0, maxAgeMs: 0 };

/** Puts the channels of a hub together. */
export function openChannels(parts: OpenChannelsParts): OpenChannels {
  const { contract, findPattern, lane, broadcast, signals, warn } = parts;
  const whispers = createWhispers({ contract, findPattern, lane, broadcast, warn });
  const kept = keptHistories(contract);
  const channels = createChannels({
    changeLog: parts.changeLog,
    applied: parts.applied,
    require: parts.require,
    clock: parts.clock,
    tasks: parts.tasks,
    room: parts.room,
    lane,
    recentRoom: createByteRoom(MAX_RECENT_BYTES),
    keptOf: (name) => kept.get(findPattern(name)?.pattern ?? "") ?? KEPT_NOTHING,
    whispersIn: whispers.areIn,
    hear: whispers.hear,
    deliver(event) {
      followers.deliver(event);
      broadcast(eventBroadcast(event, toMeta(event), event.cursor));
      const { changeId, channel, name } = event;
      signals.tell("event", { changeId, channel, name, members: channels.membersOf(channel) });
    },
    // By the way of the events, so that it comes in order among them.
    resync: (frame) =>
      broadcast({ channel: frame.channel, frame: "resync", args: [frame], lane: "reliable" }),
  });
  const followers = createFollowers(channels);
  return { channels, followers, whispers };
}

/** Tells an event to the members of its channel. Its body is JSON already, and is read back only for doors that need it. */
export function eventBroadcast(
  { channel, name, body }: Pick<ChannelEvent, "channel" | "name" | "body">,
  meta: object,
  cursor?: Cursor,
): Broadcast {
  let args: readonly unknown[] | undefined;
  return {
    channel,
    frame: name,
    get args() {
      return (args ??= [JSON.parse(body), meta]);
    },
    json: `${body},${JSON.stringify(meta)}`,
    ...(cursor && { cursor }),
    lane: "reliable",
  };
}
