import { Channel } from "./channel.ts";
import type { ChannelListener } from "./channel.ts";
import type { ClientParts } from "./client-parts.ts";

/** A running subscription to a channel. */
export interface ChannelSubscription {
  /** The channel's name, as it travels: `"hostel/7"`. */
  readonly channel: string;
  /** Stops listening at once; later calls do nothing. The channel is left shortly after its last listener. */
  close(): void;
}

/** The channels of one client, one per name. */
export class ChannelStore {
  readonly #parts: ClientParts;
  readonly #channels = new Map<string, Channel>();
  #closed = false;

  constructor(parts: ClientParts) {
    this.#parts = parts;
  }

  listen(name: string, listener: ChannelListener): ChannelSubscription {
    if (this.#closed) return { channel: name, close: () => {} };
    this.#parts.connection.start();
    const channel = this.#channels.get(name) ?? this.#open(name);
    const close = channel.add(listener);
    return { channel: name, close };
  }

  close(): void {
    this.#closed = true;
    this.#channels.forEach((channel) => channel.close());
  }

  #open(name: string): Channel {
    const channel = new Channel(name, this.#parts, () => {
      channel.close();
      this.#channels.delete(name);
    });
    this.#channels.set(name, channel);
    return channel;
  }
}
