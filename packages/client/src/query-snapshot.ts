import type { LiveError } from "@livecache/wire";

/**
 * What is known of one path at one moment. The object keeps its identity until something in it changes, and `data` keeps its
 * identity as long as the server answers the same bytes.
 *
 * - `loading`: no answer yet.
 * - `ready`: the last request succeeded.
 * - `error`: the last request failed; `data` is still the newest that was loaded, if there was any.
 */
export type QuerySnapshot<T> = QueryFlags &
  (
    | {
        readonly status: "loading";
        readonly data: undefined;
        readonly error: undefined;
        readonly updatedAt: undefined;
      }
    | { readonly status: "ready"; readonly data: T; readonly error: undefined; readonly updatedAt: number }
    | {
        readonly status: "error";
        readonly data: T | undefined;
        readonly error: LiveError;
        readonly updatedAt: number | undefined;
      }
  );

/** What a {@link QuerySnapshot} says in every status. `updatedAt` is when `data` was loaded or confirmed, in ms since 1970. */
export interface QueryFlags {
  /** A request is under way. */
  readonly isFetching: boolean;
  /** The server has said that `data` is out of date, and newer data is not here yet. */
  readonly isStale: boolean;
}

/** Where every path begins. */
export const LOADING: QuerySnapshot<never> = Object.freeze({
  status: "loading",
  data: undefined,
  error: undefined,
  updatedAt: undefined,
  isFetching: false,
  isStale: false,
});

/** The same knowledge under other flags; the same object when nothing differs. */
export function flagged<T>(snapshot: QuerySnapshot<T>, flags: Partial<QueryFlags>): QuerySnapshot<T> {
  const next = { ...snapshot, ...flags };
  return next.isFetching === snapshot.isFetching && next.isStale === snapshot.isStale ? snapshot : next;
}

/** An answer has come. */
export function loaded<T>(data: T, updatedAt: number, isStale: boolean): QuerySnapshot<T> {
  return { ...(LOADING as QueryFlags & { error: undefined }), status: "ready", data, updatedAt, isStale };
}

/** A request has failed: what was on screen stays. */
export function failed<T>(snapshot: QuerySnapshot<T>, error: LiveError): QuerySnapshot<T> {
  return { ...snapshot, status: "error", error, isFetching: false } as QuerySnapshot<T>;
}
