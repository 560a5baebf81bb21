import type { Cursor } from "@livecache/wire";

/** Most notifications that are kept for a user; the oldest leave first. */
export const MAX_NOTES = 200;

/** How long a notification is kept. */
export const NOTE_AGE_MS = 30 * 86_400_000;

/**
 * What an event does to what is kept for a user. `"add"` keeps the event's body, an object in JSON, under an id and as unread. `"read"`
 * marks these as read, or one and everything that is not newer; what is not kept is left out. The event is then published with one
 * field more, in front of the others: `unread`, how many are unread after it.
 */
export type NoteDeed =
  | { readonly type: "add"; readonly userId: string; readonly id: string }
  | { readonly type: "read"; readonly userId: string; readonly ids: readonly string[] }
  | { readonly type: "read"; readonly userId: string; readonly upTo: string };

/** A notification as it is kept. `body` is as it was handed in with the event. */
export interface KeptNote {
  readonly id: string;
  readonly body: string;
  readonly read: boolean;
}

/** Which notifications to answer. */
export interface NotesQuery {
  /** The user's own channel. */
  readonly channel: string;
  /** `next` of the page before: only what is older than that page. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** A page of what is kept for a user, and where the user's channel stood when it was read. */
export interface NotesPage {
  /** The newest first. */
  readonly notes: readonly KeptNote[];
  /** Where the next page begins; absent on the last one. */
  readonly next?: string | undefined;
  /** How many are unread, of all that are kept. */
  readonly unread: number;
  /** Every later event of the channel is not in this page, and every earlier one is. */
  readonly cursor: Cursor;
}

/**
 * What is kept for users to read: at most {@link MAX_NOTES} for each, and none longer than {@link NOTE_AGE_MS}. It is written by
 * `ChangeLog.append` alone, in the step that publishes the event: who sees the event finds the notification, and who finds the
 * notification sees the event. Counting costs the same however many there are.
 *
 * **Failure.** As the change log's.
 */
export interface NotificationStore {
  page(userId: string, query: NotesQuery): Promise<NotesPage>;
  /** How many are unread. */
  unread(userId: string): Promise<number>;
}
