import { createHash } from "node:crypto";
import { LiveError } from "@livecache/wire";
import { sleep } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import { randomWord } from "../base/ids.ts";
import type { Tasks } from "../base/tasks.ts";
import { isUnknownOutcome } from "../base/unknown-outcome.ts";
import type { ClaimStore } from "../ports/claim-store.ts";

/** How long a reply is kept for whoever sends the same once more. */
const KEPT_MS = 600_000;

/** How long work may take before somebody else may begin it anew. A node that dies leaves its claims held so long. */
const HELD_MS = 30_000;

/** Pauses between two looks at whether work that runs elsewhere is done; they grow. */
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;

/** Pauses before the ground is told again what it has not taken; they grow. */
const TELL_AGAIN_MS = { first: 250, longest: 2_000 };

/** What doing work once needs from its surroundings. */
export interface OnceParts {
  readonly claimStore: ClaimStore;
  readonly clock: Clock;
  readonly tasks: Tasks;
  /** Aborted when the node closes. */
  readonly signal: AbortSignal;
  readonly warn: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}

/** Work that is to be done once under its name. */
export interface OnceWork {
  readonly name: string;
  /** Until when to wait for work that runs elsewhere, on the injected monotonic clock. */
  readonly untilMs: number;
  readonly work: () => Promise<string>;
}

/**
 * Does work once, on whichever node, and answers its result; whoever asks again within 10 minutes is answered the same. Whoever asks
 * while it runs waits. Work that fails counts as not done.
 *
 * Rejects as the work does, as the ground does, and with `LIVE_REQUEST_FAILED` when the time is up.
 */
export type Once = (work: OnceWork) => Promise<string>;

/** Makes it. */
export function createOnce({ claimStore, clock, tasks, signal, warn }: OnceParts): Once {
  /**
   * Tells the ground how work has ended. What it does not take is told again in the background for as long as the claim is held: otherwise
   * whoever asks again would wait for nothing, and have done once more what was done.
   */
  async function tell(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch {
      tasks.track(tellAgain(work, clock.now() + HELD_MS));
    }
  }

  async function tellAgain(work: () => Promise<unknown>, untilMs: number): Promise<void> {
    for (let pauseMs = TELL_AGAIN_MS.first; ; pauseMs = Math.min(pauseMs * 2, TELL_AGAIN_MS.longest)) {
      await sleep(clock, pauseMs, signal);
      if (signal.aborted) return;
      try {
        await work();
        return;
      } catch (error) {
        if (clock.now() >= untilMs) return warn("what came of a message could not be kept", { error });
      }
    }
  }

  async function claim(name: string, owner: string) {
    try {
      return await claimStore.claim({ name, owner, holdMs: HELD_MS });
    } catch (error) {
      // The claim may have been taken all the same, and nobody would do the work.
      if (isUnknownOutcome(error)) tasks.track(tell(() => claimStore.release(name, owner)));
      throw error;
    }
  }

  async function doClaimed({ name, work }: OnceWork, owner: string): Promise<string> {
    let result: string;
    try {
      result = await work();
    } catch (error) {
      await tell(() => claimStore.release(name, owner));
      throw error;
    }
    // The work is done, and the truth is to be told, also when the ground does not take it now.
    await tell(() => claimStore.settle({ name, owner, result, keepMs: KEPT_MS }));
    return result;
  }

  return async (once) => {
    const owner = randomWord(12);
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      const reply = await claim(once.name, owner);
      if (reply.state === "done") return reply.result;
      if (reply.state === "granted") return doClaimed(once, owner);
      if (clock.now() + pauseMs >= once.untilMs) {
        throw new LiveError("LIVE_REQUEST_FAILED", "What was sent before under this id is not answered yet.");
      }
      await sleep(clock, pauseMs);
    }
  };
}

/** A name for what belongs together, that says nothing about it and is short. Different parts never give the same name. */
export function claimName(parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 32);
}
