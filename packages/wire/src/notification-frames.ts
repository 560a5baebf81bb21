/**
 * The frames of notifications. `docs/reference/wire-protocol.md` tells the conversation; this file is its types.
 *
 * Client to server, each acknowledged: `notifications`, `mark-read`. New notifications, and what was read, arrive as the events
 * `notification` and `notifications-read` of the user's own channel.
 */

/** The channel that every user's notifications arrive on; a server adds it to a contract with `notifications`. */
export const NOTIFICATIONS_CHANNEL = "notifications/:userId";

/** Events of {@link NOTIFICATIONS_CHANNEL}. */
export const NOTIFICATION_EVENT = "notification";
/** Name of the event that tells which notifications were read. */
export const READ_EVENT = "notifications-read";

/** Something that a user is told, and that is kept for them. */
export interface Notification {
  readonly id: string;
  /** Its name in the contract. */
  readonly kind: string;
  readonly data: unknown;
  /** When it was made, in milliseconds since 1970. */
  readonly at: number;
}

/** A notification as it is kept. */
export interface KeptNotification extends Notification {
  readonly read: boolean;
}

/** Body of the event `notification`. */
export interface NotificationEvent extends Notification {
  /** How many of the user's notifications are unread now; absent while that cannot be known. */
  readonly unread?: number;
}

/** Body of the event `notifications-read`: these, or all up to one, were read by the user. */
export interface NotificationsReadEvent {
  readonly upTo?: string;
  readonly ids?: readonly string[];
  readonly unread?: number;
}

/** `notifications`: a page of what is kept for the user of this socket, the newest first. */
export interface NotificationsRequest {
  /** `next` of the page before. */
  readonly before?: string;
  /** Most of them, 1 to 100. Default 20. */
  readonly limit?: number;
}

/** Answer to `notifications`. */
export interface NotificationsReply {
  readonly items: readonly KeptNotification[];
  /** Ask for older ones with it as `before`; absent when there are none. */
  readonly next?: string;
  /** How many are unread, of all that are kept. */
  readonly unread: number;
  /** The user's own channel: joined with `cursor`, it tells everything that this answer does not. */
  readonly channel: string;
  readonly cursor: string;
}

/** `mark-read`: the notification `upTo` and all that are not newer were read, or those in `ids`, at most 100. What is not kept is left out. */
export type MarkReadRequest =
  | { readonly upTo: string; readonly ids?: undefined }
  | { readonly ids: readonly string[]; readonly upTo?: undefined };

/** Answer to `mark-read`. */
export interface MarkReadReply {
  /** How many are unread now; absent while the ground is away: the mark is then made later. */
  readonly unread?: number;
}
