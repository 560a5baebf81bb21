import { LiveError } from "@livecache/wire";
import type { Socket } from "socket.io";
import type { SocketConversation } from "../assembly/converse.ts";
import type { LiveDoor } from "../assembly/create-live.ts";
import type { Clock } from "../base/clock.ts";
import type { FrameHandler } from "../base/conversation.ts";
import { isForClients, toRefusal } from "../live/refusal.ts";
import { createBucket } from "./bucket.ts";
import type { Bucket } from "./bucket.ts";
import type { FrameFigures } from "./figures.ts";
import { createFrameGate } from "./frame-gate.ts";
import type { FrameGate } from "./frame-gate.ts";
import type { AttachLimits } from "./options.ts";

/** What listening needs from its surroundings. */
export interface FrameParts extends Pick<LiveDoor, "clock" | "tasks" | "warn"> {
  readonly counts: FrameFigures;
  readonly limits: AttachLimits;
  /** Whether a frame may be larger than the limit: then each is measured. */
  readonly isMeasured: boolean;
}

type Answer = (reply: object) => void;

/** What frames are handed to. */
type Conversing = Pick<SocketConversation, "frames" | "heard">;

/** What is known of one socket's frames. */
interface Talker {
  readonly conversation: Conversing;
  readonly gate: FrameGate;
  readonly joins: Bucket;
  pending: number;
}

/** How many frames above the rate are answered before the socket is ended. */
const MAX_REFUSED = 500;

/** The frames a client may hold open besides its channels: its watches. */
const WATCHES = 500;

/** Listens to the frames of sockets. */
export interface FrameListener {
  /**
   * Hands a socket's frames to their handlers until the answer is called. Whatever comes is answered: with a reply, or with a refusal.
   * Frames that come too fast are refused, and a socket that goes on like that is ended.
   */
  listen(socket: Socket, conversation: Conversing): () => void;
}

/** Makes the listener of one door. All sockets share its functions. */
export function createFrameListener(parts: FrameParts): FrameListener {
  const { tasks, warn, counts, limits } = parts;
  const talkers = new WeakMap<Socket, Talker>();
  const listeners = new Map<string, (this: Socket, ...args: unknown[]) => void>();

  function refuse(acknowledge: Answer, error: LiveError): void {
    counts.framesRefused++;
    acknowledge(toRefusal(error));
  }

  function endFlooder(socket: Socket): void {
    counts.floodersEnded++;
    warn("a socket was ended because it goes on sending too many frames", { socket: socket.id });
    socket.disconnect(true);
  }

  function handle(talker: Talker, frame: string, { request, acknowledge }: FrameArguments): void {
    const refusal = refusalOf(talker, frame, { request, parts });
    if (refusal) return refuse(acknowledge, refusal);
    talker.pending++;
    talker.conversation.heard();
    const work = start(talker.conversation.frames[frame]!, request, (reply) =>
      acknowledge({ ok: true, ...reply }),
    );
    const answered = work
      .catch((error: unknown) => {
        if (!isForClients(error)) warn("a frame failed", { frame, error });
        acknowledge(toRefusal(error));
      })
      .finally(() => talker.pending--);
    tasks.track(answered);
  }

  function onFrame(socket: Socket, frame: string, args: readonly unknown[]): void {
    const talker = talkers.get(socket);
    if (!talker || !Object.hasOwn(talker.conversation.frames, frame)) return;
    const read = readArguments(args);
    const verdict = talker.gate();
    if (verdict === "handle") return handle(talker, frame, read);
    refuse(read.acknowledge, tooFast("frames", limits.framesPerSecond, WATCHES + limits.channelsPerSocket));
    if (verdict === "end") endFlooder(socket);
  }

  function listenerOf(frame: string): (this: Socket, ...args: unknown[]) => void {
    const known = listeners.get(frame);
    if (known) return known;
    const listener = function (this: Socket, ...args: unknown[]): void {
      try {
        onFrame(this, frame, args);
      } catch (error) {
        warn("a frame failed", { frame, error });
      }
    };
    listeners.set(frame, listener);
    return listener;
  }

  return {
    listen(socket, conversation) {
      const frames = Object.keys(conversation.frames);
      talkers.set(socket, createTalker(conversation, parts));
      for (const frame of frames) socket.on(frame, listenerOf(frame));
      return () => {
        talkers.delete(socket);
        for (const frame of frames) socket.off(frame, listenerOf(frame));
      };
    },
  };
}

function createTalker(
  conversation: Conversing,
  { clock, limits }: { clock: Clock; limits: AttachLimits },
): Talker {
  const { framesPerSecond, joinsPerSecond, channelsPerSocket } = limits;
  return {
    conversation,
    // The burst lets a client that holds all it may ask for everything at once when it comes back.
    gate: createFrameGate(clock, {
      perSecond: framesPerSecond,
      burst: WATCHES + channelsPerSocket,
      maxRefused: MAX_REFUSED,
    }),
    joins: createBucket(clock, { perSecond: joinsPerSecond, burst: channelsPerSocket }),
    pending: 0,
  };
}

/** What a limit says against a frame. */
function refusalOf(
  talker: Talker,
  frame: string,
  { request, parts }: { request: unknown; parts: FrameParts },
): LiveError | undefined {
  const { pendingFrames, joinsPerSecond, channelsPerSocket, messageBytes } = parts.limits;
  if (talker.pending >= pendingFrames) {
    return new LiveError(
      "LIVE_LIMIT_REACHED",
      `${frame}: ${pendingFrames} frames of this socket are not answered yet. Wait for answers before sending more.`,
    );
  }
  if (frame === "join" && !talker.joins.take()) return tooFast("joins", joinsPerSecond, channelsPerSocket);
  const bytes = parts.isMeasured ? measure(request) : 0;
  if (bytes <= messageBytes) return undefined;
  return new LiveError(
    "LIVE_FRAME_INVALID",
    `${frame}: expected at most ${messageBytes} bytes of JSON, received ${bytes === Infinity ? "what cannot be JSON" : bytes}.`,
  );
}

function tooFast(what: string, perSecond: number, burst: number): LiveError {
  const limit = `at most ${perSecond} a second, and ${burst} at once, are handled`;
  return new LiveError(
    "LIVE_LIMIT_REACHED",
    `This socket sends too many ${what}: ${limit}. Send them more slowly.`,
  );
}

/** The length of a request as JSON. What is nested too deeply to be written is longer than anything. */
function measure(request: unknown): number {
  try {
    return Buffer.byteLength(JSON.stringify(request) ?? "");
  } catch {
    return Infinity;
  }
}

async function start(handler: FrameHandler, request: unknown, answer: Answer): Promise<void> {
  await handler(request, answer);
}

interface FrameArguments {
  readonly request: unknown;
  readonly acknowledge: Answer;
}

/** What a client sent: its first argument, and Socket.IO's acknowledgement behind the last. Both may be missing. */
function readArguments(args: readonly unknown[]): FrameArguments {
  const last = args.at(-1);
  const acknowledge = typeof last === "function" ? (reply: object) => void last(reply) : () => undefined;
  return { request: args[0] === last && typeof last === "function" ? undefined : args[0], acknowledge };
}
