import { useMemo, useSyncExternalStore } from "react";
import type { LiveQuery } from "../query-store.ts";
import { LOADING } from "../query-snapshot.ts";
import type { QuerySnapshot } from "../query-snapshot.ts";
import { useLiveClient } from "./live-provider.ts";

/** What {@link useLive} gives: the snapshot, and a way to fetch now. The same object until something in it changes. */
export type LiveResult<T> = QuerySnapshot<T> & { readonly refetch: () => Promise<void> };

const NOTHING: LiveQuery<never> = {
  path: "",
  subscribe: () => () => {},
  getSnapshot: () => LOADING,
  refetch: async () => {},
};

/**
 * Shows a JSON response of the server and keeps it up to date while the component is mounted. With `null` nothing is fetched and the
 * result stays `loading`: for a path that is not known yet. Data of another path is never shown; old data of the same path stays
 * while newer is fetched, and when that fails.
 */
export function useLive<T = unknown>(path: string | null): LiveResult<T> {
  const client = useLiveClient();
  const query = useMemo(() => (path === null ? NOTHING : client.query<T>(path)), [client, path]);
  const snapshot = useSyncExternalStore<QuerySnapshot<T>>(query.subscribe, query.getSnapshot, () => LOADING);
  return useMemo(() => ({ ...snapshot, refetch: query.refetch }), [snapshot, query]);
}
