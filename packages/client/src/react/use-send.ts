import type { ChannelParams, ChannelPattern } from "@livecache/wire";
import type { ChannelVoice } from "../channel-subscription.ts";
import type { RegisteredContract } from "../register.ts";
import { useChannel } from "./use-channel.ts";

/** `send` of a channel, which stays joined while the component is mounted. See {@link useChannel}. */
export function useSend<P extends ChannelPattern<RegisteredContract>>(
  pattern: P,
  params: ChannelParams<P> | null,
): ChannelVoice<RegisteredContract, P>["send"] {
  return useChannel(pattern, params).send;
}

/** `whisper` to a channel, which stays joined while the component is mounted. See {@link useChannel}. */
export function useWhisper<P extends ChannelPattern<RegisteredContract>>(
  pattern: P,
  params: ChannelParams<P> | null,
): ChannelVoice<RegisteredContract, P>["whisper"] {
  return useChannel(pattern, params).whisper;
}
