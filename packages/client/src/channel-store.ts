import { LiveError } from "@livecache/wire";
import { report } from "./audience.ts";
import { createChannel } from "./channel.ts";
import type { Channel, ChannelListener } from "./channel.ts";
import type { ClientParts } from "./client-parts.ts";
import { messageId } from "./outbox.ts";
import type { QueuedMessage } from "./outbox.ts";
import { mayPass, refusalError } from "./refusal.ts";

/** The channels of one client, one per name. */
export interface ChannelStore {
  /** Answers what ends the listening. */
  listen(name: string, listener: ChannelListener): () => void;
  send(channel: string, name: string, data: unknown): Promise<unknown>;
  /** A message that an earlier page left behind. */
  restore(message: QueuedMessage): void;
  /** Sends a frame that need not arrive: whispers and typing. */
  tell(frame: "whisper" | "typing", body: object): void;
  close(): void;
}

/** Makes an empty store. */
export function createChannelStore(parts: ClientParts): ChannelStore {
  const { connection, outbox } = parts;
  const channels = new Map<string, Channel>();
  const gone = new LiveError("LIVE_CLOSED", "This client is closed.");
  let closed = false;

  function open(name: string): Channel {
    connection.start();
    let channel = channels.get(name);
    if (!channel) {
      channel = createChannel(name, parts, () => {
        channel!.close(gone);
        channels.delete(name);
      });
      channels.set(name, channel);
    }
    return channel;
  }

  function dispatch(message: QueuedMessage): Promise<unknown> {
    return new Promise((resolve, reject) => {
      open(message.channel).send({ ...message, resolve, reject });
    });
  }

  return {
    listen: (name, listener) => (closed ? () => {} : open(name).add(listener)),
    async send(channel, name, data) {
      // A copy: what the caller does with its object later is not meant to be sent.
      const copy: unknown = JSON.parse(JSON.stringify(data ?? null));
      await outbox.ready;
      if (closed) throw gone;
      const message = { id: messageId(), channel, name, data: copy };
      outbox.put(message);
      return dispatch(message);
    },
    restore(message) {
      if (!closed) dispatch(message).catch(report);
    },
    tell(frame, body) {
      if (!connection.isOnline) return;
      connection.request(frame, body, (reply) => {
        if (reply && !reply.ok && !mayPass(reply)) report(refusalError(frame, reply, body));
      });
    },
    close() {
      closed = true;
      outbox.close();
      channels.forEach((channel) => channel.close(gone));
    },
  };
}
