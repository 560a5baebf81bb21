import type { EventMeta, ResyncFrame } from "@livecache/wire";
import { Channel } from "./channel.ts";
import type { ChannelListener, ChannelParts } from "./channel.ts";

/** A running subscription to a channel. */
export interface ChannelSubscription {
  /** The channel's name, as it travels: `"hostel/7"`. */
  readonly channel: string;
  /** Stops listening at once; later calls do nothing. The channel is left shortly after its last listener. */
  close(): void;
}

/** The channels of one client, one per name. */
export class ChannelStore {
  readonly #parts: ChannelParts;
  readonly #channels = new Map<string, Channel>();
  #closed = false;

  constructor(parts: ChannelParts) {
    this.#parts = parts;
    parts.connection.addUser({
      online: () => this.#channels.forEach((channel) => channel.online()),
      offline: () => this.#channels.forEach((channel) => channel.offline()),
      arrived: (name, body, meta) => this.#arrived(name, body, meta),
    });
  }

  listen(name: string, listener: ChannelListener): ChannelSubscription {
    if (this.#closed) return { channel: name, close: () => {} };
    this.#parts.connection.start();
    const channel = this.#channels.get(name) ?? this.#open(name);
    return { channel: name, close: channel.add(listener) };
  }

  close(): void {
    this.#closed = true;
    this.#channels.forEach((channel) => channel.close());
    this.#channels.clear();
  }

  #open(name: string): Channel {
    const channel = new Channel(name, this.#parts, () => this.#channels.delete(name));
    this.#channels.set(name, channel);
    return channel;
  }

  #arrived(name: string, body: unknown, meta: unknown): void {
    if (name === "stale") return;
    if (name === "resync") {
      const frame = (body ?? {}) as Partial<ResyncFrame>;
      const channel = this.#channels.get(String(frame.channel));
      channel?.resync(frame);
      return;
    }
    const event = (meta ?? {}) as EventMeta;
    const channel = this.#channels.get(event.channel);
    if (!channel) return;
    channel.event(name, body, event);
  }
}
