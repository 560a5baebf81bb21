import { useMemo } from "react";
import { NO_NOTIFICATIONS, notificationsOf } from "../notifications.ts";
import type { Notifications, NotificationsSnapshot } from "../notifications.ts";
import { useStore } from "./use-store.ts";

/** What {@link useNotifications} gives. */
export type NotificationsResult = NotificationsSnapshot & Pick<Notifications, "loadMore" | "markRead">;

/** The notifications of the user who is signed in, kept current while the component is mounted. */
export function useNotifications(): NotificationsResult {
  const [snapshot, store] = useStore<NotificationsSnapshot, Notifications>(notificationsOf, {
    name: "",
    empty: NO_NOTIFICATIONS,
  });
  const { loadMore, markRead } = store!;
  return useMemo(() => ({ ...snapshot, loadMore, markRead }), [snapshot, loadMore, markRead]);
}
