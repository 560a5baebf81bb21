import type { Clock } from "../base/clock.ts";
import type { ChangeSink } from "../ports/change-source.ts";
import { placeOf } from "./place.ts";
import type { Recent } from "./recent.ts";
import type { Role } from "./role.ts";
import { markAt } from "./steps.ts";
import type { Step } from "./steps.ts";

/** How often a source of which nothing is wanted says how far it has come: its place must not grow older than MongoDB's history. */
const MARK_EVERY_MS = 60_000;

/** Hands steps over to the log, and keeps where it stands. */
export interface Handover {
  at(): string | undefined;
  /** Somebody else has brought the log there. */
  stand(place: string | undefined): void;
  hand(steps: readonly Step[]): Promise<void>;
  /** Says how far the stream has come, if that was not said for long. */
  mark(token: unknown): Promise<void>;
  /** Says that changes may be missing before a token. */
  gap(token: unknown, reason: string): Promise<void>;
}

/** Makes the handing over of one session, which begins at `place`. */
export function createHandover(
  { sink, clock, role, handed }: { sink: ChangeSink; clock: Clock; role: Role; handed: Recent },
  place: string | undefined,
): Handover {
  let at = place;
  let saidAtMs = clock.now();

  async function hand(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      at = await say(sink, step);
      saidAtMs = clock.now();
      handed.add(at);
      role.take("working");
    }
  }

  return {
    at: () => at,
    stand: (elsewhere) => void (at = elsewhere),
    hand,
    async mark(token) {
      const end = placeOf(token);
      if (end === undefined || end === at || clock.now() - saidAtMs < MARK_EVERY_MS) return;
      await hand([{ kind: "take", changes: [markAt(end)] }]);
    },
    async gap(token, reason) {
      const end = placeOf(token);
      if (end === undefined) throw new Error("the resume token is too long to be remembered");
      await hand([{ kind: "gap", gap: { place: end, reason } }]);
    },
  };
}

/** Says a step, and answers the place behind it. */
async function say(sink: ChangeSink, step: Step): Promise<string> {
  if (step.kind === "gap") {
    await sink.gap(step.gap);
    return step.gap.place;
  }
  if (step.kind === "refuse") {
    await sink.refuse(step.poison);
    return step.poison.place;
  }
  await sink.take(step.changes);
  return step.changes.at(-1)!.place;
}
