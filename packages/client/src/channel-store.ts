import { LiveError } from "@livecache/wire";
import { report } from "./audience.ts";
import { createChannel } from "./channel.ts";
import type { Channel, ChannelListener } from "./channel.ts";
import type { ClientParts } from "./client-parts.ts";
import { messageId } from "./message-id.ts";
import type { QueuedMessage } from "./outbox.ts";
import { mayPass, refusalError } from "./refusal.ts";

/** The channels of one client, one per name. */
export interface ChannelStore {
  /** Answers what ends the listening. */
  listen(name: string, listener: ChannelListener): () => void;
  send(channel: string, name: string, data: unknown): Promise<unknown>;
  /** Sends a frame that need not arrive: whispers and typing. */
  tell(frame: "whisper" | "typing", body: object): void;
  close(): void;
}

/** Most messages of a client that wait for their answers. */
const MAX_WAITING = 100;

/** Makes an empty store. */
export function createChannelStore(parts: ClientParts): ChannelStore {
  const { connection, outbox } = parts;
  const channels = new Map<string, Channel>();
  const gone = new LiveError("LIVE_CLOSED", "This client is closed.");
  let closed = false;
  let waiting = 0;

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

  async function dispatch(message: QueuedMessage): Promise<unknown> {
    waiting++;
    try {
      return await new Promise((resolve, reject) => {
        open(message.channel).send({ ...message, resolve, reject });
      });
    } finally {
      waiting--;
      // What is not answered when the client is closed is for the next page.
      if (!closed) outbox?.delete(message.id);
    }
  }

  const restored = outbox?.open((message) => {
    if (!closed) dispatch(message).catch(report);
  });

  return {
    listen: (name, listener) => (closed ? () => {} : open(name).add(listener)),
    async send(channel, name, data) {
      // A copy: what the caller does with its object later is not meant to be sent.
      const copy: unknown = JSON.parse(JSON.stringify(data ?? null));
      await restored;
      if (closed) throw gone;
      if (waiting >= MAX_WAITING) {
        throw new LiveError(
          "LIVE_LIMIT_REACHED",
          `send: ${waiting} messages wait for the server already, at most ${MAX_WAITING} may. Send this one later.`,
        );
      }
      const message = { id: messageId(), channel, name, data: copy };
      outbox?.put(message);
      return dispatch(message);
    },
    tell(frame, body) {
      if (!connection.isOnline) return;
      connection.request(frame, body, (reply) => {
        if (reply && !reply.ok && !mayPass(reply)) report(refusalError(frame, reply, body));
      });
    },
    close() {
      closed = true;
      channels.forEach((channel) => channel.close(gone));
    },
  };
}
