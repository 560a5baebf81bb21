import { isLiveError } from "@livecache/wire";
import type { Cancel, Clock } from "../base/clock.ts";
import type { Tasks } from "../base/tasks.ts";
import type { LimitStore } from "../ports/limit-store.ts";
import type { LimitCall } from "./limit-call.ts";
import type { LocalShare } from "./local-share.ts";

/** What {@link createCarryOver} needs. */
export interface CarryOverParts {
  readonly store: Pick<LimitStore, "charge">;
  readonly share: LocalShare;
  readonly isHere: () => boolean;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly signal: AbortSignal;
}

/** Tells the ground what was taken without it. */
export interface CarryOver {
  /** There is something to tell, as soon as the ground is back. */
  schedule(): void;
}

/** How often it is tried. */
const EVERY_MS = 500;

/** How much is told at a time. */
const AT_ONCE = 64;

/** Makes it. It does nothing as long as nothing is owed, and holds nothing but what the share holds. */
export function createCarryOver(parts: CarryOverParts): CarryOver {
  const { store, share, isHere, clock, tasks, signal } = parts;
  let cancel: Cancel | undefined;
  let isTelling = false;

  async function tell(call: LimitCall): Promise<boolean> {
    const points = share.collect(call);
    if (points === 0) return true;
    const { policy, subject } = call;
    try {
      await store.charge({ name: policy.name, subject, rule: policy, points });
      return true;
    } catch (error) {
      // It may have been noted all the same; then it counts twice, at most up to the bound of the meter. Better too strict.
      if (isLiveError(error) && error.code !== "LIVE_CLOSED") share.owe(call, points);
      return false;
    }
  }

  async function tellAll(): Promise<void> {
    if (!isHere()) return;
    const calls = share.debtors();
    for (let from = 0; from < calls.length && isHere() && !signal.aborted; from += AT_ONCE) {
      const told = await Promise.all(calls.slice(from, from + AT_ONCE).map(tell));
      if (told.includes(false)) return;
    }
  }

  function schedule(): void {
    if (cancel || isTelling || signal.aborted) return;
    cancel = clock.after(EVERY_MS, () => {
      cancel = undefined;
      if (signal.aborted) return;
      isTelling = true;
      const telling = tellAll().finally(() => {
        isTelling = false;
        if (share.owes()) schedule();
      });
      tasks.track(telling);
    });
  }

  signal.addEventListener("abort", () => cancel?.(), { once: true });
  return { schedule };
}
