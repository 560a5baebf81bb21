import { useSyncExternalStore } from "react";
import type { ConnectionState } from "../connection.ts";
import { useLiveClient } from "./live-provider.ts";

const CONNECTING: ConnectionState = { status: "connecting", since: 0 };

/** The state of the client's connection, for a badge. It does not connect by itself: a live query or a channel does. */
export function useConnection(): ConnectionState {
  const { subscribe, getSnapshot } = useLiveClient().connection;
  return useSyncExternalStore(subscribe, getSnapshot, () => CONNECTING);
}
