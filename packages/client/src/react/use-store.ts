import { useMemo, useSyncExternalStore } from "react";
import type { LiveClient } from "../client.ts";
import type { Store } from "../store.ts";
import { useLiveClient } from "./live-provider.ts";

/** Makes a store for something of the client's; to be the same function at each render. */
type MakeStore<Made> = (client: LiveClient, name: string) => Made;

/** Shows the store of this name, made anew for another name or client; with `null`, nothing but `empty`. On a server it is `empty`, too. */
export function useStore<Snapshot, Made extends Store<Snapshot>>(
  make: MakeStore<Made>,
  { name, empty }: { readonly name: string | null; readonly empty: Snapshot },
): readonly [Snapshot, Made | undefined] {
  const client = useLiveClient();
  const store = useMemo(() => (name === null ? undefined : make(client, name)), [client, make, name]);
  const { subscribe, getSnapshot } = store ?? { subscribe: nothing, getSnapshot: () => empty };
  return [useSyncExternalStore<Snapshot>(subscribe, getSnapshot, () => empty), store];
}

const nothing = (): (() => void) => () => {};
