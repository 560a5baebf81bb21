import { createPatternFinder } from "../live/contract-pattern.ts";
import type { Contract } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import type { Conversation, Peer } from "../base/conversation.ts";
import type { Identity } from "../base/identity.ts";
import type { Tasks } from "../base/tasks.ts";
import type { ChangeResult, Changes } from "../change/change.ts";
import type { EventMaker, LiveEvent } from "../live/event.ts";
import type { Hub } from "../live/hub.ts";
import type { MessageHandler } from "../messages/handlers.ts";
import { createMessages } from "../messages/messages.ts";
import { createNotificationMaker } from "../notifications/notification-maker.ts";
import { createNotifications } from "../notifications/notifications.ts";
import type { Realm } from "../ports/ground.ts";
import type { OutgoingEvent } from "../ports/change-log.ts";
import { createTyping } from "../typing/typing.ts";
import type { Typing } from "../typing/typing.ts";
import type { PeopleApi } from "./live-messages.ts";

/** What messages, typing and notifications need from the node. */
export interface PeopleParts {
  readonly contract: Contract;
  readonly node: string;
  readonly stores: Pick<Realm, "claimStore" | "notificationStore" | "lane">;
  readonly events: EventMaker;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly signal: AbortSignal;
  readonly warn: (message: string, details?: Readonly<Record<string, unknown>>) => void;
  /** Asked for only when there is something to tell. */
  readonly hub: () => Pick<Hub, "broadcast">;
  readonly changes: () => Pick<Changes<LiveEvent>, "change">;
}

/** Messages, typing and notifications of one node. */
export interface PeopleRooms extends Pick<Typing, "entered" | "left" | "close"> {
  readonly api: PeopleApi<Contract, Identity>;
  /** Checks and serialises an event of any kind. */
  prepare(event: LiveEvent): Promise<OutgoingEvent>;
  /** What all three have with one socket. */
  conversation(peer: Peer, isIn: (channel: string) => boolean): readonly Conversation[];
}

/** Opens all three. */
export function openPeople(parts: PeopleParts): PeopleRooms {
  const { contract, node, stores, events, clock, tasks, signal, warn } = parts;
  const findPattern = createPatternFinder(contract);
  const emit = (event: LiveEvent): Promise<ChangeResult> => parts.changes().change({ emit: [event] });
  const messages = createMessages({
    contract,
    findPattern,
    claimStore: stores.claimStore,
    publish: ({ pattern, params }, name, data) => emit(events.event(pattern, params, name, data)),
    ...{ clock, tasks, signal, warn },
  });
  const typing = createTyping({
    node,
    lane: stores.lane,
    isOffered: (channel) => contract.channels[findPattern(channel)?.pattern ?? ""]?.typing === true,
    broadcast: (told) => parts.hub().broadcast(told),
    ...{ clock, tasks },
  });
  const maker = createNotificationMaker(contract.notifications ?? {}, clock);
  const notifications = createNotifications({
    maker,
    store: stores.notificationStore,
    publish: emit,
    offered: contract.notifications !== undefined,
  });
  return {
    entered: typing.entered,
    left: typing.left,
    close: typing.close,
    prepare: (event) => (maker.owns(event) ? maker.prepare(event) : events.prepare(event)),
    conversation: (peer, isIn) => [
      messages.conversation(peer, isIn),
      typing.conversation(peer, isIn),
      notifications.conversation(peer),
    ],
    api: {
      handle: (pattern, handlers) => messages.handle(pattern, handlers as Record<string, MessageHandler>),
      async notify(userId, kind, data) {
        const { id, event } = maker.notification(userId, kind, data);
        return { ...(await emit(event)), id };
      },
      notification: (userId, kind, data) => maker.notification(userId, kind, data).event,
      notifications: {
        list: notifications.list,
        unread: notifications.unread,
        markRead: notifications.markRead,
      },
    },
  };
}
