import type {
  ChannelPattern,
  Contract,
  MessageInput,
  MessageName,
  WhisperInput,
  WhisperName,
} from "@livecache/wire";
import type { ChannelStore } from "./channel-store.ts";
import type { Clock } from "./clock.ts";
import type { RegisteredContract } from "./register.ts";

/** What can be said to a channel. Its methods need no `this`. */
export interface ChannelVoice<
  C extends Contract = RegisteredContract,
  P extends ChannelPattern<C> = ChannelPattern<C>,
> {
  /** The channel's name, as it travels: `"hostel/7"`. */
  readonly channel: string;
  /**
   * Sends a message to the server and resolves with what its handler answers. Messages of one channel are handled in the order of
   * sending and each once, over every reconnect and restart of the server: one that is not answered is sent again.
   *
   * Rejects with the server's refusal; with `LIVE_LIMIT_REACHED` when 100 messages of this client wait already; with `LIVE_CLOSED` when
   * the client is closed meanwhile. Offline it waits.
   */
  send<M extends MessageName<C, P>>(name: M, data: MessageInput<C, P, M>): Promise<unknown>;
  /** Tells the other members something that need not arrive: it is dropped unless we are in the channel. A refusal is reported. */
  whisper<W extends WhisperName<C, P>>(name: W, data: WhisperInput<C, P, W>): void;
  /** Says that the user types, or with `false` no more. To be called on each key: it is sent every two seconds at most. */
  typing(on?: boolean): void;
}

/** A running subscription to a channel, and what can be said to it. */
export interface ChannelSubscription<
  C extends Contract = RegisteredContract,
  P extends ChannelPattern<C> = ChannelPattern<C>,
> extends ChannelVoice<C, P> {
  /** Stops listening at once; later calls do nothing. The channel is left shortly after its last listener. */
  close(): void;
}

/** {@link ChannelVoice} without types. */
export interface AnyVoice {
  readonly channel: string;
  send(name: string, data: unknown): Promise<unknown>;
  whisper(name: string, data: unknown): void;
  typing(on?: boolean): void;
}

/** {@link ChannelSubscription} without types. */
export interface AnySubscription extends AnyVoice {
  close(): void;
}

/** Servers end a typing that is not said again within five seconds. */
const TYPING_EVERY_MS = 2_000;

/** Gives what can be said to a channel. */
export function voiceIn(
  channel: string,
  { channels, clock }: { readonly channels: ChannelStore; readonly clock: Clock },
): AnyVoice {
  let quietUntil = 0;
  return {
    channel,
    send: (name, data) => channels.send(channel, name, data),
    whisper: (name, data) => channels.tell("whisper", channel, { name, data }),
    typing(on = true) {
      const now = clock.now();
      if (on && now < quietUntil) return;
      quietUntil = on ? now + TYPING_EVERY_MS : 0;
      channels.tell("typing", channel, { on });
    },
  };
}
