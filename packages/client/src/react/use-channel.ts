import { LiveError, formatChannel } from "@livecache/wire";
import type { ChannelParams, ChannelPattern } from "@livecache/wire";
import { useEffect, useInsertionEffect, useMemo, useRef } from "react";
import { handlersListener } from "../channel-handlers.ts";
import type { AnyHandlers, ChannelHandlers } from "../channel-handlers.ts";
import type { AnyVoice, ChannelVoice } from "../channel-subscription.ts";
import type { RegisteredContract } from "../register.ts";
import { useLiveClient } from "./live-provider.ts";

/** What can be said to a channel that is not known yet. */
const NOWHERE: AnyVoice = {
  channel: "",
  async send() {
    throw new LiveError("LIVE_INPUT_INVALID", "send: the channel's parameters are not known yet (null).");
  },
  whisper() {},
  typing() {},
};

/**
 * Listens to a channel while the component is mounted; with `null` for the parameters, to nothing. The handlers of the last render are
 * the ones that are called, so they may be written in place; only another channel or client subscribes anew. The answer, the same object
 * for the same channel, is what can be said to the channel.
 *
 * @throws LiveError `LIVE_INPUT_INVALID` when a parameter is missing or empty
 */
export function useChannel<P extends ChannelPattern<RegisteredContract>>(
  pattern: P,
  params: ChannelParams<P> | null,
  handlers?: ChannelHandlers<RegisteredContract, P>,
): ChannelVoice<RegisteredContract, P> {
  const client = useLiveClient();
  const name = useChannelName(pattern, params);
  const latest = useRef(handlers);
  // At commit, so that no event meets the handlers of an older screen; unlike a layout effect it is silent on a server.
  useInsertionEffect(() => {
    latest.current = handlers;
  });
  useEffect(() => {
    if (name === null) return;
    const subscription = client.listen(
      name,
      handlersListener(() => (latest.current ?? {}) as AnyHandlers),
    );
    return () => subscription.close();
  }, [client, name]);
  return useMemo(() => (name === null ? NOWHERE : client.to(name)), [client, name]) as ChannelVoice<
    RegisteredContract,
    P
  >;
}

/** The channel's name; `null` while its parameters are not known. */
export function useChannelName<P extends ChannelPattern<RegisteredContract>>(
  pattern: P,
  params: ChannelParams<P> | null,
): string | null {
  return params === null ? null : formatChannel(pattern, params);
}
