import { useNotifications } from "@livecache/client/react";
import { useEffect } from "react";

/** Whoever looks at an audit has seen what the bell says about it. */
export function useSeen(auditId: number): void {
  const { items, markRead } = useNotifications();
  const unread = items.filter(
    ({ read, data }) => !read && (data as { auditId?: number } | null)?.auditId === auditId,
  );
  const ids = unread.map(({ id }) => id).join(" ");
  useEffect(() => {
    if (ids === "" || document.visibilityState === "hidden") return;
    // What cannot be marked now stays unread.
    markRead({ ids: ids.split(" ").slice(0, 100) }).catch(() => undefined);
  }, [ids, markRead]);
}
