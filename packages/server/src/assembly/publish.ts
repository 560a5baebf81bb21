import { LiveError, formatChannel } from "@livecache/wire";
import type {
  ChannelParams,
  ChannelPattern,
  Contract,
  EventInput,
  EventName,
  WhisperInput,
  WhisperName,
} from "@livecache/wire";
import type { ChangeRequest, ChangeResult } from "../change/change.ts";
import type { EventMaker, LiveEvent } from "../live/event.ts";
import type { Following } from "../live/followers.ts";
import type { Hub } from "../live/hub.ts";

/** Tells something to the subscribers of a channel. */
export interface Publisher<C extends Contract> {
  /**
   * Publishes one event: a change without tags, for news that make nothing untrue. After a write, give the event to `change({ emit })`
   * beside the tags instead: then no screen hears of it before it can read it.
   *
   * Rejects with `LIVE_EVENT_INVALID` for a channel or an event that the contract does not have and for a body that its schema
   * refuses, and otherwise as `change` does.
   */
  publish<P extends ChannelPattern<C>, E extends EventName<C, P>>(
    pattern: P,
    params: ChannelParams<P>,
    ...event: [name: E, data: EventInput<C, P, E>]
  ): Promise<ChangeResult>;
  /**
   * Tells the members of a channel something that is not kept: a progress, a place on a map. Whoever is not there now, or does not
   * keep up, misses it; of several under one name the latest counts. While the ground is away only this node's members are told.
   *
   * Rejects with `LIVE_EVENT_INVALID` for a whisper that the contract does not have, whose body its schema refuses, or above 4 KiB.
   */
  whisper<P extends ChannelPattern<C>, W extends WhisperName<C, P>>(
    pattern: P,
    params: ChannelParams<P>,
    ...whisper: [name: W, data: WhisperInput<C, P, W>]
  ): Promise<void>;
  /**
   * Listens to a channel on the server: `for await (const { name, data } of await live.follow("hostel/:id", { id: 7 }))`. It begins now,
   * and tells `resync` where events may be missing. Leaving the loop stops it. Rejects as the ground does.
   */
  follow<P extends ChannelPattern<C>>(pattern: P, params: ChannelParams<P>): Promise<Following>;
}

/** What publishing needs from its surroundings. */
export interface PublishParts {
  readonly contract: Contract;
  readonly events: Pick<EventMaker, "event">;
  readonly hub: Pick<Hub, "whisper" | "follow">;
  readonly change: (request: ChangeRequest<LiveEvent>) => Promise<ChangeResult>;
}

/** Makes the publisher of one node. */
export function createPublisher({ contract, events, hub, change }: PublishParts): Publisher<Contract> {
  return {
    async publish(pattern, params, ...[name, data]) {
      const isDeclared = typeof pattern === "string" && Object.hasOwn(contract.channels, pattern);
      if (!isDeclared) throw undeclared(pattern);
      if (typeof params !== "object" || params === null || typeof name !== "string") {
        const [event = "news"] = Object.keys(contract.channels[pattern]!.events);
        throw new LiveError(
          "LIVE_EVENT_INVALID",
          `publish: expected publish(${show(pattern)}, { ...parameters }, ${show(event)}, data), received ${show(params)} and ${show(name)}.`,
        );
      }
      return change({ emit: [events.event(pattern, params, name, data)] });
    },
    async whisper(pattern, params, ...[name, data]) {
      await hub.whisper({ channel: channelName(pattern, params), name, data });
    },
    follow: async (pattern, params) => hub.follow(channelName(pattern, params)),
  };

  function channelName(pattern: string, params: Readonly<Record<string, string | number>>): string {
    if (!Object.hasOwn(contract.channels, pattern)) throw undeclared(pattern);
    return formatChannel(pattern, params);
  }
}

/** Channels are declared, so that nobody hears what nobody has allowed; code from elsewhere names them freely. */
function undeclared(channel: unknown): LiveError {
  if (typeof channel !== "string") {
    return new LiveError(
      "LIVE_EVENT_INVALID",
      `publish: expected a channel of the contract, received ${show(channel)}.`,
    );
  }
  const words = channel.split(/[:/]/).map((word) => word.replace(/[^A-Za-z0-9_-]/g, "") || "x");
  const isId = (word: string): boolean => /\d/.test(word);
  const pattern = words.map((word) => (isId(word) ? ":id" : word)).join("/");
  const id = words.find(isId);
  return new LiveError(
    "LIVE_EVENT_INVALID",
    `publish: the contract has no channel ${show(channel)}. Declare one with its events, such as ` +
      `defineContract({ channels: { ${show(pattern)}: { events: { news: schema } } } }), say in authorize who may join it, ` +
      `and call publish(${show(pattern)}, ${id ? `{ id: ${show(id)} }` : "{}"}, "news", data).`,
  );
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? typeof value;
}
