import type { ChannelParams, ChannelPattern } from "@livecache/wire";
import { useMemo } from "react";
import type { RegisteredContract } from "../register.ts";
import { QUIET, typingIn } from "../typing.ts";
import type { ChannelTyping, TypingSnapshot } from "../typing.ts";
import { useChannelName } from "./use-channel.ts";
import { useStore } from "./use-store.ts";

/** What {@link useTyping} gives. */
export type TypingResult = TypingSnapshot & { readonly typing: (on?: boolean) => void };

/**
 * Who types in a channel, while the component is mounted, and a function to be called on each key: it says that this user does, until
 * some seconds after the last call or `typing(false)`. With `null` for the parameters, nobody.
 */
export function useTyping<P extends ChannelPattern<RegisteredContract>>(
  pattern: P,
  params: ChannelParams<P> | null,
): TypingResult {
  const name = useChannelName(pattern, params);
  const [snapshot, store] = useStore<TypingSnapshot, ChannelTyping>(typingIn, { name, empty: QUIET });
  return useMemo(() => ({ ...snapshot, typing: (on) => store?.typing(on) }), [snapshot, store]);
}
