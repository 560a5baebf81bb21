import { LiveError } from "@livecache/wire";
import type { Socket } from "socket.io";
import type { LiveDoor } from "../assembly/create-live.ts";
import type { Conversation } from "../base/conversation.ts";
import { isForClients, toRefusal } from "../live/refusal.ts";
import { createFrameGate } from "./frame-gate.ts";
import type { FrameRate } from "./frame-gate.ts";

/** What listening needs from its surroundings. */
export interface FrameParts extends Pick<LiveDoor, "clock" | "tasks" | "warn"> {
  /** Counters of the door, raised here. */
  readonly counts: { framesRefused: number; floodersEnded: number };
}

type Answer = (reply: object) => void;

/** The burst lets a client that holds all it may, 500 watches and 100 channels, ask for everything at once when it comes back. */
const FRAME_RATE: FrameRate = { perSecond: 50, burst: 600, maxRefused: 500 };

/**
 * Hands a socket's frames to its conversation until the returned function is called. Whatever comes is answered: with a reply, or
 * with a refusal. Frames that come too fast are refused, and a socket that goes on like that is ended.
 */
export function listenToFrames(socket: Socket, { frames }: Conversation, parts: FrameParts): () => void {
  const { clock, tasks, warn, counts } = parts;
  const gate = createFrameGate(clock, FRAME_RATE);
  function refuseFast(acknowledge: Answer, isLast: boolean): void {
    counts.framesRefused++;
    const { perSecond, burst } = FRAME_RATE;
    const limit = `at most ${perSecond} a second, and ${burst} at once, are handled`;
    acknowledge(
      toRefusal(new LiveError("LIVE_LIMIT_REACHED", `This socket sends too many frames: ${limit}.`)),
    );
    if (!isLast) return;
    counts.floodersEnded++;
    warn("a socket was ended because it goes on sending too many frames", { socket: socket.id });
    socket.disconnect(true);
  }

  function onFrame(frame: string, args: readonly unknown[]): void {
    const { request, acknowledge } = readArguments(args);
    const verdict = gate();
    if (verdict !== "handle") return refuseFast(acknowledge, verdict === "end");
    const work = frames[frame]!(request, (reply) => acknowledge({ ok: true, ...reply }));
    const answered = work.catch((error: unknown) => {
      if (!isForClients(error)) warn("a frame failed", { frame, error });
      acknowledge(toRefusal(error));
    });
    tasks.track(answered);
  }

  const listeners = Object.keys(frames).map((frame) => {
    const listener = (...args: unknown[]): void => onFrame(frame, args);
    socket.on(frame, listener);
    return () => socket.off(frame, listener);
  });
  return () => listeners.forEach((remove) => remove());
}

/** What a client sent: its first argument, and Socket.IO's acknowledgement behind the last. Both may be missing. */
function readArguments(args: readonly unknown[]): { request: unknown; acknowledge: Answer } {
  const last = args.at(-1);
  const acknowledge = typeof last === "function" ? (reply: object) => void last(reply) : () => undefined;
  return { request: args[0] === last && typeof last === "function" ? undefined : args[0], acknowledge };
}
