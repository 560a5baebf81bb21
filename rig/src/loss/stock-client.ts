import type { Ack, JoinReply, ResyncFrame } from "@livecache/wire";
import { io } from "socket.io-client";
import type { SeededRandom } from "../random.ts";
import type { Recorder } from "./recorder.ts";
import type { Item } from "./traffic.ts";

/** One client of a run. */
export interface CrowdClient {
  close(): void;
}

/** What a client is made with. */
export interface CrowdClientParts {
  readonly url: string;
  /** By the name of the channel. */
  readonly recorders: ReadonlyMap<string, Recorder>;
  readonly random: SeededRandom;
}

type EventMeta = { readonly channel: string; readonly cursor?: string; readonly position?: string };

/** How long a stock client waits for the answer to a frame before it takes the connection for dead. */
const ANSWER_WITHIN_MS = 10_000;

/**
 * A stock `socket.io-client` that does what `docs/reference/wire-protocol.md` asks of it, and no more: it joins with its last cursor after
 * each connect, takes what comes, and asks again after a retryable refusal.
 */
export function createStockClient({ url, recorders, random }: CrowdClientParts): CrowdClient {
  const socket = io(url, {
    ...{ transports: ["websocket"], forceNew: true, timeout: 2_000 },
    ...{ reconnectionDelay: 100, reconnectionDelayMax: 1_000 },
  });
  const cursors = new Map<string, string>();
  let connection = 0;

  function join(channel: string, recorder: Recorder, attempt = 0): void {
    const mine = connection;
    const held = cursors.get(channel);
    const frame = { channel, cursor: held };
    socket.timeout(ANSWER_WITHIN_MS).emit("join", frame, (error: unknown, reply: Ack<JoinReply>) => {
      if (mine !== connection) return;
      if (error) return void socket.disconnect().connect();
      if (!reply.ok) {
        if (!reply.retryable) throw new Error(`${channel}: ${reply.code} ${reply.message}`);
        const pauseMs = (0.5 + random.next()) * Math.min(100 * 2 ** attempt, 2_000);
        setTimeout(() => mine === connection && join(channel, recorder, attempt + 1), pauseMs);
        return;
      }
      if (held !== undefined && !reply.resumed) recorder.resync(reply.reason ?? "unsaid", reply);
      recorder.joined(reply.cursor, held === undefined ? undefined : reply.resumed);
      cursors.set(channel, reply.cursor);
    });
  }

  socket.on("connect", () => {
    connection++;
    for (const [channel, recorder] of recorders) join(channel, recorder);
  });
  socket.on("disconnect", (reason) => {
    connection++;
    for (const recorder of recorders.values()) recorder.offline();
    if (reason === "io server disconnect") setTimeout(() => socket.connect(), 100);
  });
  socket.on("connect_error", () => {
    // A server that turns a socket away does not make it try again.
    if (!socket.active) setTimeout(() => socket.connect(), 100 + random.next() * 400);
  });
  socket.on("resync", (frame: ResyncFrame) => {
    recorders.get(frame.channel)?.resync(frame.reason, frame);
    cursors.set(frame.channel, frame.cursor);
  });
  socket.on("item", (item: Item, meta: EventMeta) => {
    recorders.get(meta.channel)?.event(item, meta);
    if (meta.cursor !== undefined) cursors.set(meta.channel, meta.cursor);
  });
  return { close: () => void socket.disconnect() };
}
