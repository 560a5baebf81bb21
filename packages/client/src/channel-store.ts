import { LiveError } from "@livecache/wire";
import { report } from "./audience.ts";
import type * as channelCode from "./channel-code.ts";
import type { Channel, ChannelListener } from "./channel.ts";
import type { ClientParts } from "./client-parts.ts";
import type { Cancel } from "./clock.ts";
import { createLaterCode } from "./later-code.ts";
import { messageId } from "./message-id.ts";
import type { QueuedMessage } from "./outbox.ts";

/** The channels of one client, one per name. */
export interface ChannelStore {
  /** Answers what ends the listening. `makeListener` is called when channels can be joined. */
  listen(name: string, makeListener: (code: ChannelCode) => ChannelListener): Cancel;
  send(channel: string, name: string, data: unknown): Promise<unknown>;
  /** Sends a frame that need not arrive: whispers and typing. It is dropped while we are not in the channel. */
  tell(frame: "whisper" | "typing", channel: string, body: object): void;
  close(): void;
}

/** What channels are made of. */
export type ChannelCode = Pick<typeof channelCode, "createChannel" | "handlersListener">;

/** Most messages of a client that wait for their answers. */
const MAX_WAITING = 100;

/** Makes an empty store. */
export function createChannelStore(parts: ClientParts): ChannelStore {
  const { connection, outbox } = parts;
  const channels = new Map<string, Channel>();
  // Loaded apart: a page of live queries needs none of it.
  const code = createLaterCode<ChannelCode>(parts, () => import("./channel-code.ts"));
  const gone = new LiveError("LIVE_CLOSED", "This client is closed.");
  let closed = false;
  let waiting = 0;

  function enter({ createChannel }: ChannelCode, name: string): Channel {
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

  function need(task: (module: ChannelCode | undefined) => void): void {
    if (closed) return task(undefined);
    connection.start();
    code.use(task);
  }

  function listen(name: string, makeListener: (code: ChannelCode) => ChannelListener): Cancel {
    let isWanted = true;
    let leave: Cancel | undefined;
    need((module) => {
      if (module && isWanted) leave = enter(module, name).add(makeListener(module));
    });
    return () => {
      isWanted = false;
      leave?.();
    };
  }

  async function dispatch(message: QueuedMessage): Promise<unknown> {
    waiting++;
    try {
      return await new Promise((resolve, reject) => {
        need((module) => {
          if (module) enter(module, message.channel).send({ ...message, resolve, reject });
          else reject(gone);
        });
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
    listen,
    async send(channel, name, data) {
      // A copy: what the caller does with its object later is not meant to be sent.
      const copy: unknown = JSON.parse(JSON.stringify(data ?? null));
      await restored;
      if (closed) throw gone;
      if (waiting >= MAX_WAITING) {
        throw new LiveError(
          "LIVE_LIMIT_REACHED",
          `send: ${waiting} messages wait already, at most ${MAX_WAITING} may.`,
        );
      }
      const message = { id: messageId(), channel, name, data: copy };
      outbox?.put(message);
      return dispatch(message);
    },
    tell: (frame, channel, body) => channels.get(channel)?.tell(frame, body),
    close() {
      closed = true;
      code.close();
      channels.forEach((channel) => channel.close(gone));
    },
  };
}
