import type { NoteDeed } from "../ports/notification-store.ts";

/** What `append` is told of an event's deed: `key` is the number of its first key. */
export function formatDeed(deed: NoteDeed, key: number): string {
  if (deed.type === "add") return JSON.stringify({ key, add: deed.id });
  return JSON.stringify("upTo" in deed ? { key, upTo: deed.upTo } : { key, ids: deed.ids });
}
