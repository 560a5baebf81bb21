import type { Query, QueryClient } from "@tanstack/react-query";
import type { LiveClient } from "../client.ts";
import type { LiveQuery } from "../query-store.ts";

/** Where a path's data lies in the `QueryClient`. */
export type LiveQueryKey = readonly ["livecache", string];

/** What `useQuery` and its relatives are given. */
export interface LiveQueryOptions<T> {
  readonly queryKey: LiveQueryKey;
  readonly queryFn: () => Promise<T>;
  /** Never stale by age: the server says when it is. */
  readonly staleTime: number;
  /** The live client tries again by itself. */
  readonly retry: false;
}

type AnyClient = Pick<LiveClient, "query">;

/** The options with which TanStack Query loads a live path: `useQuery(liveQueryOptions(client, "/api/issues"))`. */
export function liveQueryOptions<T = unknown>(client: AnyClient, path: string): LiveQueryOptions<T> {
  return {
    queryKey: ["livecache", path],
    queryFn: () => load(client.query<T>(path)),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  };
}

/**
 * Keeps the live paths of a `QueryClient` current: while somebody observes one, it is watched, and what `live.change` makes of it is put
 * into the `QueryClient`. Only keys as {@link liveQueryOptions} makes them are looked at. Call the answer to end it.
 */
export function connectQueryClient(client: AnyClient, queryClient: QueryClient): () => void {
  const cache = queryClient.getQueryCache();
  const links = new Map<string, () => void>();

  function look({ queryKey, queryHash }: Query, isObserved: boolean): void {
    const path = pathOf(queryKey);
    if (path === undefined || isObserved === links.has(queryHash)) return;
    if (isObserved) {
      links.set(queryHash, follow(client.query(path), queryClient));
    } else {
      links.get(queryHash)!();
      links.delete(queryHash);
    }
  }

  for (const query of cache.getAll()) look(query, query.getObserversCount() > 0);
  const stop = cache.subscribe(({ type, query }) => {
    if (type === "removed") look(query, false);
    if (type.startsWith("observer")) look(query, query.getObserversCount() > 0);
  });
  return () => {
    stop();
    for (const unlink of links.values()) unlink();
    links.clear();
  };
}

function pathOf(key: readonly unknown[]): string | undefined {
  const [name, path] = key;
  return name === "livecache" && key.length === 2 && typeof path === "string" ? path : undefined;
}

/** Puts what is known of a path into the `QueryClient`, now and after each change. */
function follow({ path, subscribe, getSnapshot }: LiveQuery, queryClient: QueryClient): () => void {
  const key: LiveQueryKey = ["livecache", path];
  const copy = (): void => {
    const { status, data, updatedAt } = getSnapshot();
    if (status !== "ready" || queryClient.getQueryData(key) === data) return;
    queryClient.setQueryData(key, data, { updatedAt });
  };
  const leave = subscribe(copy);
  copy();
  return leave;
}

/** The first data of a path, or newer data if there is some already. */
async function load<T>(query: LiveQuery<T>): Promise<T> {
  if (query.getSnapshot().status === "loading") await first(query);
  else await query.refetch();
  const snapshot = query.getSnapshot();
  if (snapshot.status === "ready") return snapshot.data;
  throw snapshot.error ?? new Error(`GET ${query.path}: the live client is closed.`);
}

/** Joins the request that is under way, or begins one. */
function first({ subscribe, getSnapshot, refetch }: LiveQuery): Promise<void> {
  if (!getSnapshot().isFetching) return refetch();
  return new Promise((resolve) => {
    const leave = subscribe(() => {
      if (getSnapshot().isFetching) return;
      leave();
      resolve();
    });
  });
}
