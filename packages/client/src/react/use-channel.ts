import { formatChannel } from "@livecache/wire";
import type { ChannelParams, ChannelPattern } from "@livecache/wire";
import { useEffect, useInsertionEffect, useRef } from "react";
import { handlersListener } from "../channel-handlers.ts";
import type { AnyHandlers, ChannelHandlers } from "../channel-handlers.ts";
import type { RegisteredContract } from "../register.ts";
import { useLiveClient } from "./live-provider.ts";

/**
 * Listens to a channel while the component is mounted; with `null` for the parameters, to nothing. The handlers of the last render are
 * the ones that are called, so they may be written in place; only another channel or client subscribes anew.
 *
 * @throws LiveError `LIVE_INPUT_INVALID` when a parameter is missing or empty
 */
export function useChannel<P extends ChannelPattern<RegisteredContract>>(
  pattern: P,
  params: ChannelParams<P> | null,
  handlers: ChannelHandlers<RegisteredContract, P>,
): void {
  const client = useLiveClient();
  const name = params === null ? null : formatChannel(pattern, params);
  const latest = useRef(handlers);
  // At commit, so that no event meets the handlers of an older screen; unlike a layout effect it is silent on a server.
  useInsertionEffect(() => {
    latest.current = handlers;
  });
  useEffect(() => {
    if (name === null) return;
    const subscription = client.listen(
      name,
      handlersListener(() => latest.current as AnyHandlers),
    );
    return () => subscription.close();
  }, [client, name]);
}
