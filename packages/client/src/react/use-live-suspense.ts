import type { LiveClient } from "../client.ts";
import type { LiveQuery } from "../query-store.ts";
import { useLiveClient } from "./live-provider.ts";
import { useLive } from "./use-live.ts";
import type { LiveResult } from "./use-live.ts";

/** What {@link useLiveSuspense} gives: there is always data. */
export type LiveSuspenseResult<T> = Extract<LiveResult<T>, { readonly status: "ready" | "error" }> & {
  readonly data: T;
};

/** What is being loaded for components that wait. They lose their state while they do, so it is kept here. */
const loading = new WeakMap<object, Map<string, Promise<void>>>();

/**
 * As `useLive`, for components below a `<Suspense>`: waits until there is data, and throws the error of a first request that failed to
 * the next error boundary. Later errors come beside the data. On a server the nearest `<Suspense>` shows its fallback, and the browser
 * loads.
 */
export function useLiveSuspense<T = unknown>(path: string): LiveSuspenseResult<T> {
  const client = useLiveClient();
  const result = useLive<T>(path);
  if (typeof document === "undefined") {
    throw new Error(`useLiveSuspense(${JSON.stringify(path)}): loaded in the browser, not on the server.`);
  }
  if (result.status === "loading") throw loadOnce(client, client.query<T>(path));
  if (result.status === "error" && result.data === undefined) throw result.error;
  return result as LiveSuspenseResult<T>;
}

function loadOnce(client: LiveClient, query: LiveQuery): Promise<void> {
  const known = loading.get(client) ?? new Map<string, Promise<void>>();
  loading.set(client, known);
  const under = known.get(query.path);
  if (under) return under;
  const made = query.refetch().finally(() => known.delete(query.path));
  known.set(query.path, made);
  return made;
}
