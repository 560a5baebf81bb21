import type {
  ChannelPattern,
  Contract,
  EventInput,
  EventName,
  MarkReadReply,
  MarkReadRequest,
  MessageName,
  MessageOutput,
  NotificationInput,
  NotificationKind,
  NotificationsReply,
  NotificationsRequest,
  ParsedParams,
} from "@livecache/wire";
import type { Identity } from "../base/identity.ts";
import type { ChangeResult } from "../change/change.ts";
import type { LiveEvent } from "../live/event.ts";

/** A message of a client, as its handler receives it. */
export interface Message<
  C extends Contract,
  P extends ChannelPattern<C>,
  M extends MessageName<C, P>,
  I extends Identity,
> {
  /** What the contract's schema yields. */
  readonly data: MessageOutput<C, P, M>;
  /** Who sent it, as of now. */
  readonly identity: I | undefined;
  readonly channel: string;
  readonly params: ParsedParams<P>;
  /** As the client chose it; absent when it chose none. */
  readonly id: string | undefined;
  /** Publishes an event to the channel of the message. Rejects as {@link Publisher.publish} does. */
  publish<E extends EventName<C, P>>(name: E, data: EventInput<C, P, E>): Promise<ChangeResult>;
}

/** What is done with the messages of a channel, by name. What a handler answers is the reply, and must be JSON. */
export type MessageHandlers<C extends Contract, P extends ChannelPattern<C>, I extends Identity> = {
  readonly [M in MessageName<C, P>]?: (message: Message<C, P, M, I>) => unknown;
};

/** What is kept for users, for the server. Every method rejects with `LIVE_INPUT_INVALID` for what is no id of a user. */
export interface LiveNotifications {
  /** Answers a page, the newest first. Rejects as the ground does. */
  list(userId: string, page?: NotificationsRequest): Promise<NotificationsReply>;
  /** How many are unread, in constant time. Rejects as the ground does. */
  unread(userId: string): Promise<number>;
  /** Marks as read, and tells all tabs of the user, in one step. While the ground is away the mark is made later, and nobody can say how many are left. */
  markRead(userId: string, marks: MarkReadRequest): Promise<MarkReadReply>;
}

/** How a notification ended: as its change did, and under which id it is kept. */
export type NotifyResult = ChangeResult & { readonly id: string };

/** What people say to the application, and what it tells them. */
export interface PeopleApi<C extends Contract, I extends Identity> {
  /**
   * Says what is done with what members of a channel send. A handler that throws, or takes longer than 10 s, refuses the message; a
   * `LiveError` with a code for clients is told as it is. A message with an id is handled once for each user, also over several nodes.
   *
   * @throws LiveError `LIVE_OPTIONS_INVALID` for a channel or a message that the contract does not have, and for a second handler of one
   */
  handle<P extends ChannelPattern<C>>(pattern: P, handlers: MessageHandlers<C, P, I>): void;
  /**
   * Tells a user something, on all tabs, and keeps it for 30 days, at most 200 for each user: both or neither, in one step.
   *
   * Rejects with `LIVE_EVENT_INVALID` for a kind that the contract does not have, for a body that its schema refuses, and above 8 KiB. While
   * the ground is away it waits, as every change does, and this node's tabs are told at once.
   */
  notify<K extends NotificationKind<C>>(
    userId: string,
    kind: K,
    data: NotificationInput<C, K>,
  ): Promise<NotifyResult>;
  /** Makes a notification for `change({ emit })`: it is kept and told together with what the change voids. */
  notification<K extends NotificationKind<C>>(
    userId: string,
    kind: K,
    data: NotificationInput<C, K>,
  ): LiveEvent;
  readonly notifications: LiveNotifications;
}
