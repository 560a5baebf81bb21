import type { NotificationStore } from "../ports/notification-store.ts";
import type { RealmState } from "./state.ts";

/** What is kept for users, in this process; {@link RealmState.notes} is written as changes are appended. */
export function createMemoryNotificationStore(
  { notes, channels, head }: RealmState,
  guard: () => void,
): NotificationStore {
  return {
    async page(userId, query) {
      guard();
      const offset = channels.get(query.channel)?.offset ?? 0;
      return { ...notes.page(userId, query), cursor: { epoch: head().epoch, offset } };
    },
    async unread(userId) {
      guard();
      return notes.unread(userId);
    },
  };
}
