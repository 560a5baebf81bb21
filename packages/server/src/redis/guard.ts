import { LiveError, isLiveError } from "@livecache/wire";
import { sleep } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import type { Tasks } from "../base/tasks.ts";
import { createBreaker, describeReason } from "./breaker.ts";
import type { BreakerState, CallOutcome } from "./breaker.ts";
import { isReply } from "./failure.ts";
import type { Send, SendOptions } from "./wire.ts";

/** What a guard needs from the connection that it stands in front of. */
export interface GuardParts {
  /** What the connection is for; it stands in errors. */
  readonly name: string;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly signal: AbortSignal;
  readonly commandTimeoutMs: number;
  /** Sends over the present connection. */
  readonly send: Send;
  /** Asks what a heartbeat asks: real work, by which the server shows that it is well again. */
  readonly beat: (send: Send) => Promise<unknown>;
  /** A number between 0 and 1, another one each time. */
  readonly chance: () => number;
  /** The server answers too slowly: from now on nothing is sent. */
  readonly onOpen: (cause: LiveError) => void;
  /** The server has answered in time again, twice in a row. */
  readonly onClose: () => void;
}

/** Stands in front of a connection, and lets nobody wait for a server that is there but too slow. */
export interface Guard {
  /** Sends, or rejects at once with `LIVE_GROUND_AWAY` while the server is too slow. */
  readonly send: Send;
  /** Watches what others send over the connection, such as heartbeats. */
  watch(send: Send): Send;
  /** Does it, or rejects at once while the server is too slow; for what goes over another connection to it. */
  pass<T>(work: () => Promise<T>): Promise<T>;
  state(): BreakerState;
  /** There is a new connection, and what it was tried with was sent then. */
  begin(sentAtMs: number): void;
  /** The connection has ended: the next is tried before it is used. */
  reset(): void;
}

/** How much of the time that commands have a probe has. */
const PROBE_SHARE = 0.8;

/** Makes a guard that lets everything through. While it does not, it probes the server in the background. */
export function createGuard(parts: GuardParts): Guard {
  const { name, clock, commandTimeoutMs } = parts;
  const breaker = createBreaker();
  let isProbing = false;

  function note(outcome: CallOutcome): void {
    const { state } = breaker.state();
    breaker.note(outcome);
    if (state === "closed" && breaker.state().state === "open") open();
  }

  function watch(send: Send): Send {
    return (args, options) => {
      const sentAtMs = clock.now();
      const answered = (): void =>
        note({ sentAtMs, endedAtMs: clock.now(), limitMs: commandTimeoutMs, isAnswered: true });
      const reply = send(args, options);
      reply.then(answered, (error: unknown) => {
        if (isReply(error)) answered();
        if (!isSilence(error)) return;
        const limitMs = options?.limitMs ?? commandTimeoutMs;
        note({ sentAtMs, endedAtMs: clock.now(), limitMs, isAnswered: false });
      });
      return reply;
    };
  }

  function open(): void {
    parts.onOpen(awayOf(name, breaker.state()));
    if (!isProbing) parts.tasks.track(probe());
  }

  /** Asks again and again, until the server is well or there is another connection. */
  async function probe(): Promise<void> {
    isProbing = true;
    while (breaker.state().state !== "closed" && !parts.signal.aborted) {
      await sleep(clock, breaker.pauseMs(parts.chance()), parts.signal);
      if (breaker.state().state === "closed" || parts.signal.aborted) break;
      breaker.probe();
      const isGood = await isWell();
      // Meanwhile the connection may have ended: then there is nothing to be closed.
      if (breaker.state().state === "closed") break;
      breaker.probed(isGood);
      if (breaker.state().state === "closed") parts.onClose();
    }
    isProbing = false;
  }

  async function isWell(): Promise<boolean> {
    // Somewhat less than others wait: who is let in again is to have an answer.
    const limitMs = commandTimeoutMs * PROBE_SHARE;
    try {
      await parts.beat((args) => parts.send(args, { limitMs, always: true }));
      return true;
    } catch {
      return false;
    }
  }

  function pass<T>(work: () => Promise<T>): Promise<T> {
    const state = breaker.state();
    return state.state === "closed" ? work() : Promise.reject(awayOf(name, state));
  }

  const watched = watch(parts.send);

  return {
    // A deadline of its own says nothing of how long others wait.
    send: (args, options) =>
      pass(() => (hasOwnLimit(options) ? parts.send(args, options) : watched(args, options))),
    pass,
    watch,
    state: breaker.state,
    begin(sentAtMs) {
      breaker.begin({ sentAtMs, endedAtMs: clock.now(), limitMs: commandTimeoutMs, isAnswered: true });
      if (breaker.state().state === "open") open();
    },
    reset: breaker.reset,
  };
}

function hasOwnLimit(options: SendOptions | undefined): boolean {
  return options?.limitMs !== undefined;
}

/** Whether a command had its time and no answer; one whose connection ended says nothing of the server's speed. */
function isSilence(error: unknown): boolean {
  return isLiveError(error) && error.code === "LIVE_GROUND_TIMEOUT" && "limitMs" in error.details;
}

function awayOf(name: string, state: BreakerState): LiveError {
  const why = state.state === "closed" ? "it is well" : describeReason(state.reason);
  return new LiveError("LIVE_GROUND_AWAY", `${name}: Redis is too slow: ${why}`, {
    details: { breaker: state },
  });
}
