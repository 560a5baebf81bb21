import { useMemo, useSyncExternalStore } from "react";
import type { Store } from "../store.ts";

/** Shows a store that is made anew when `key` changes; with `null`, nothing but `empty`. On a server it is `empty`, too. */
export function useStore<Snapshot, Made extends Store<Snapshot>>(
  make: () => Made,
  { key, empty }: { readonly key: readonly unknown[] | null; readonly empty: Snapshot },
): readonly [Snapshot, Made | undefined] {
  const store = useMemo(() => (key === null ? undefined : make()), key ?? [null]);
  const { subscribe, getSnapshot } = store ?? { subscribe: nothing, getSnapshot: () => empty };
  return [useSyncExternalStore<Snapshot>(subscribe, getSnapshot, () => empty), store];
}

const nothing = (): (() => void) => () => {};
