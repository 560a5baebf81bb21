import { LiveError } from "@livecache/wire";
import type { Socket } from "socket.io";
import type { SocketConversation } from "../assembly/converse.ts";
import type { LiveDoor } from "../assembly/create-live.ts";
import type { FrameHandler } from "../base/conversation.ts";
import { isForClients, toRefusal } from "../live/refusal.ts";
import { Bucket } from "./bucket.ts";
import type { BucketRate } from "./bucket.ts";
import type { FrameFigures } from "./figures.ts";
import { FrameGate } from "./frame-gate.ts";
import type { FrameRate } from "./frame-gate.ts";
import type { AttachLimits } from "./options.ts";

/** What listening needs from its surroundings. */
export interface FrameParts extends Pick<LiveDoor, "clock" | "tasks" | "warn" | "signals"> {
  readonly counts: FrameFigures;
  readonly limits: AttachLimits;
  /** Whether a frame may be larger than the limit: then each is measured. */
  readonly isMeasured: boolean;
}

type Answer = (reply: object) => void;

/** What frames are handed to. */
type Conversing = Pick<SocketConversation, "names" | "handler" | "heard" | "peer">;

/** Listening to one socket. */
export interface Listening {
  /** Once true, the frames go past. */
  isOver: boolean;
}

/** What is known of one socket's frames. */
interface Talker extends Listening {
  readonly socket: Socket;
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
   * Hands a socket's frames to their handlers until the answer is told to stop. Whatever comes is answered: with a reply, or with a refusal.
   * Frames that come too fast are refused, and a socket that goes on like that is ended.
   */
  listen(socket: Socket, conversation: Conversing): Listening;
}

/** Makes the listener of one door. All sockets share its functions. */
export function createFrameListener(parts: FrameParts): FrameListener {
  const { clock, tasks, warn, counts, limits, signals } = parts;
  const rates = ratesOf(limits);

  /** Answers with a refusal, and tells operators of it. */
  function refuse({ conversation }: Talker, { frame, acknowledge }: Heard, error: unknown): void {
    const refusal = toRefusal(error);
    acknowledge(refusal);
    const { code, message } = refusal;
    const { peer } = conversation;
    signals.tell("refusal", {
      ...{ at: frame, code, message, socketId: peer.id, userId: peer.identity()?.userId },
    });
  }

  function refuseUnheard(talker: Talker, heard: Heard, error: LiveError): void {
    counts.framesRefused++;
    refuse(talker, heard, error);
  }

  function endFlooder(socket: Socket): void {
    counts.floodersEnded++;
    warn("a socket was ended because it goes on sending too many frames", { socket: socket.id });
    socket.disconnect(true);
  }

  function handle(talker: Talker, handler: FrameHandler, heard: Heard): void {
    const { frame, request, acknowledge } = heard;
    const refusal = refusalOf(talker, frame, { request, parts });
    if (refusal) return refuseUnheard(talker, heard, refusal);
    talker.pending++;
    talker.conversation.heard();
    const work = start(handler, request, (reply) => acknowledge({ ok: true, ...reply }));
    const answered = work
      .catch((error: unknown) => {
        if (!isForClients(error)) warn("a frame failed", { frame, error });
        refuse(talker, heard, error);
      })
      .finally(() => talker.pending--);
    tasks.track(answered);
  }

  function onFrame(talker: Talker, handler: FrameHandler, heard: Heard): void {
    const verdict = talker.gate.judge();
    if (verdict === "handle") return handle(talker, handler, heard);
    refuseUnheard(talker, heard, tooFast("frames", rates.frames));
    if (verdict === "end") endFlooder(talker.socket);
  }

  /** Whether the packet is a frame of ours, which is handled then. */
  function take(talker: Talker, [frame, ...args]: readonly unknown[]): boolean {
    const handler = typeof frame === "string" ? talker.conversation.handler(frame) : undefined;
    if (!handler || typeof frame !== "string") return false;
    try {
      onFrame(talker, handler, { frame, ...readArguments(args) });
    } catch (error) {
      warn("a frame failed", { frame, error });
    }
    return true;
  }

  return {
    listen(socket, conversation) {
      const talker: Talker = {
        socket,
        conversation,
        gate: new FrameGate(clock, rates.frames),
        joins: new Bucket(clock, rates.joins),
        pending: 0,
        isOver: false,
      };
      // One middleware: a listener for each frame would cost each socket a table of them.
      socket.use((packet, next) => {
        if (talker.isOver || !take(talker, packet)) next();
      });
      trimMiddleware(socket);
      return talker;
    },
  };
}

/** A list that was added to keeps room for sixteen more, in each socket; its copy has none. Where Socket.IO keeps it elsewhere, it stays as it is. */
function trimMiddleware(socket: Socket): void {
  const inside = socket as unknown as { fns?: unknown };
  if (Array.isArray(inside.fns)) inside.fns = inside.fns.slice();
}

/** The rates of every socket of a door. */
interface Rates {
  readonly frames: FrameRate;
  readonly joins: BucketRate;
}

function ratesOf({ framesPerSecond, joinsPerSecond, channelsPerSocket }: AttachLimits): Rates {
  return {
    // The burst lets a client that holds all it may ask for everything at once when it comes back.
    frames: { perSecond: framesPerSecond, burst: WATCHES + channelsPerSocket, maxRefused: MAX_REFUSED },
    joins: { perSecond: joinsPerSecond, burst: channelsPerSocket * 2 },
  };
}

/** What a limit says against a frame. */
function refusalOf(
  talker: Talker,
  frame: string,
  { request, parts }: { request: unknown; parts: FrameParts },
): LiveError | undefined {
  const { pendingFrames, messageBytes } = parts.limits;
  if (talker.pending >= pendingFrames) {
    return new LiveError(
      "LIVE_LIMIT_REACHED",
      `${frame}: ${pendingFrames} frames of this socket are not answered yet. Wait for answers before sending more.`,
    );
  }
  if (frame === "join" && !talker.joins.take()) return tooFast("joins", ratesOf(parts.limits).joins);
  const bytes = parts.isMeasured ? measure(request) : 0;
  if (bytes <= messageBytes) return undefined;
  return new LiveError(
    "LIVE_FRAME_INVALID",
    `${frame}: expected at most ${messageBytes} bytes of JSON, received ${bytes === Infinity ? "what cannot be JSON" : bytes}.`,
  );
}

function tooFast(what: string, { perSecond, burst }: BucketRate): LiveError {
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

/** A frame that has come. */
interface Heard extends FrameArguments {
  readonly frame: string;
}

/** What a client sent: its first argument, and Socket.IO's acknowledgement behind the last. Both may be missing. */
function readArguments(args: readonly unknown[]): FrameArguments {
  const last = args.at(-1);
  const acknowledge = typeof last === "function" ? (reply: object) => void last(reply) : () => undefined;
  return { request: args[0] === last && typeof last === "function" ? undefined : args[0], acknowledge };
}
