import { randomInt } from "node:crypto";
import type { Document } from "mongodb";
import { sleep } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import type { ChangeSink } from "../ports/change-source.ts";
import { placeOf } from "./place.ts";

/** Events that nobody has handed over, and where the log stands before them. */
export interface Left {
  readonly events: readonly Document[];
  readonly at: string | undefined;
}

/** How a process watches what others hand over. */
export interface Standby {
  /** Resolves with the place when the log has stood still for a hold: either nothing happens, or nobody is at work. */
  quiet(place: string): Promise<string | undefined>;
  /**
   * Waits until the working process has handed these events over, or has let them lie for a hold; answers those that are left.
   * `undefined` when the log has come to a place that is not among them.
   */
  leftOf(events: readonly Document[], at: string | undefined): Promise<Left | undefined>;
  /**
   * For the working process, before it hands something over: whether the log has moved without it. Two that hand over the same steps at the
   * same time do not hear of each other; so now and then one of them pauses for a moment, and looks.
   */
  isOvertaken(at: string | undefined): Promise<boolean>;
}

/** Shortest pause of a working process. */
const SHORTEST_PAUSE_MS = 20;

/**
 * Makes the watching of one session. A hold is `takeOverMs` and up to half as long again, each time. Nothing counts but two answers of the
 * log, a hold apart: while the ground is away nobody hands anything over.
 */
export function createStandby(parts: {
  readonly sink: Pick<ChangeSink, "place">;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly takeOverMs: number;
}): Standby {
  const { sink, clock, signal, takeOverMs } = parts;
  const holdMs = (): number => takeOverMs + randomInt(Math.ceil(takeOverMs / 2));
  const untilLook = (): number => clock.now() + 2 * holdMs();
  let lookAtMs = untilLook();
  const placeAfterHold = async (): Promise<string | undefined> => {
    await sleep(clock, holdMs(), signal);
    return sink.place();
  };
  return {
    async quiet(place) {
      let before: string | undefined = place;
      let now = await placeAfterHold();
      while (now !== undefined && now !== before && !signal.aborted) {
        before = now;
        now = await placeAfterHold();
      }
      return now;
    },
    async leftOf(events, at) {
      let left: Left = { events, at };
      let place = await sink.place();
      for (;;) {
        const isStanding = place === left.at;
        const index = left.events.findIndex((event) => placeOf(event["_id"]) === place);
        if (!isStanding && index === -1) return undefined;
        if (!isStanding) left = { events: left.events.slice(index + 1), at: place };
        if (left.events.length === 0 || signal.aborted) return left;
        place = await placeAfterHold();
        if (place === left.at) return left;
      }
    },
    async isOvertaken(at) {
      if (clock.now() < lookAtMs) return false;
      await sleep(clock, Math.max(SHORTEST_PAUSE_MS, takeOverMs / 20), signal);
      lookAtMs = untilLook();
      return (await sink.place()) !== at;
    },
  };
}
