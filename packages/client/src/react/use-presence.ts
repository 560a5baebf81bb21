import type { ChannelParams, ChannelPattern } from "@livecache/wire";
import { useEffect, useMemo } from "react";
import { NOBODY, presenceIn } from "../presence.ts";
import type { ChannelPresence, PresenceOwn, PresenceSnapshot } from "../presence.ts";
import type { RegisteredContract } from "../register.ts";
import { useChannelName } from "./use-channel.ts";
import { useStore } from "./use-store.ts";

/** What {@link usePresence} gives. */
export type PresenceResult = PresenceSnapshot & { readonly set: (own: PresenceOwn) => void };

/**
 * Who is in a channel, while the component is mounted; with `null` for the parameters, nobody. `own` is what this client says of its own
 * user there; it is said again when it changes as JSON. To say it on an occasion, call `set`.
 */
export function usePresence<P extends ChannelPattern<RegisteredContract>>(
  pattern: P,
  params: ChannelParams<P> | null,
  own?: PresenceOwn,
): PresenceResult {
  const name = useChannelName(pattern, params);
  const [snapshot, store] = useStore<PresenceSnapshot, ChannelPresence>(presenceIn, { name, empty: NOBODY });
  const said = JSON.stringify(own);
  useEffect(() => {
    if (said !== undefined) store?.set(JSON.parse(said) as PresenceOwn);
  }, [store, said]);
  return useMemo(() => ({ ...snapshot, set: (next) => store?.set(next) }), [snapshot, store]);
}
