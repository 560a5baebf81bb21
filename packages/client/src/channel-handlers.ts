import type {
  ChannelPattern,
  Contract,
  EventMeta,
  EventName,
  EventOutput,
  LiveError,
  ResyncReason,
  SchemaOutput,
  WhisperMeta,
  WhisperName,
} from "@livecache/wire";
import type { ChannelListener } from "./channel.ts";

/** What a subscriber may want to hear besides events. */
export interface ChannelNotices {
  /** Events may be missing before this moment: reload what the channel told about. */
  readonly onResync?: (reason: ResyncReason) => void;
  /**
   * The server refused the channel, or has put this client out of it; it is asked again after the next reconnect. Without this handler
   * the error is reported.
   */
  readonly onError?: (error: LiveError) => void;
}

/**
 * Handlers by the name of the event or whisper. A body is what the event's schema yields, as it looks after a trip through JSON; the second argument says
 * where the event stands.
 */
export type ChannelHandlers<C extends Contract, P extends ChannelPattern<C>> = ChannelNotices &
  (string extends EventName<C, P>
    ? Readonly<
        Record<string, ((body: EventOutput<C, P, EventName<C, P>>, meta: EventMeta) => void) | undefined>
      >
    : {
        readonly [E in EventName<C, P>]?: (body: EventOutput<C, P, E>, meta: EventMeta) => void;
      } & (string extends WhisperName<C, P>
        ? unknown
        : {
            readonly [W in WhisperName<C, P>]?: (
              body: SchemaOutput<NonNullable<C["channels"][P]["whispers"]>[W]>,
              meta: WhisperMeta,
            ) => void;
          }));

/** Handlers as they are called: by a name that came over the wire. */
export type AnyHandlers = ChannelNotices & Readonly<Record<string, unknown>>;

/** Makes a listener that looks its handlers up at each event, so that a component may change them without subscribing anew. */
export function handlersListener(handlers: () => AnyHandlers): ChannelListener {
  return {
    event(name, body, meta) {
      const present = handlers();
      const handler = Object.hasOwn(present, name) ? present[name] : undefined;
      if (typeof handler === "function") handler(body, meta);
    },
    resync: (reason) => handlers().onResync?.(reason),
    error(error) {
      const { onError } = handlers();
      if (onError) onError(error);
      else throw error;
    },
  };
}
