import type { Clock } from "../base/clock.ts";
import { LEASE_CLOCK_STEP_MS, REAP_CLAIM_MS } from "../ports/presence-store.ts";
import type { RenewInput, RenewReply } from "../ports/presence-store.ts";

/** The leases of incarnations, on a clock that goes on by no more than a step between two renewals. */
export interface Leases {
  renew(input: RenewInput): RenewReply;
  isAlive(incarnation: string): boolean;
  /** Nothing is left of an incarnation that has ended. */
  forget(incarnation: string): void;
}

/** Makes an empty set of leases. */
export function createLeases(clock: Clock): Leases {
  const endsAt = new Map<string, number>();
  /** Incarnations that have ended and left users behind, to when somebody else may remove them. */
  const ended = new Map<string, number>();
  let last = { at: 0, renewedMs: clock.now() };

  function now(): number {
    return last.at + Math.min(clock.now() - last.renewedMs, LEASE_CLOCK_STEP_MS);
  }

  function isAlive(incarnation: string): boolean {
    return (endsAt.get(incarnation) ?? Number.NEGATIVE_INFINITY) > now();
  }

  function claimDead(): string[] {
    const dead = [...ended.keys()].filter((name) => ended.get(name)! <= clock.now());
    for (const name of dead) ended.set(name, clock.now() + REAP_CLAIM_MS);
    return dead;
  }

  return {
    renew({ incarnation, begins, leaseMs }) {
      const isNew = begins && !endsAt.has(incarnation) && !ended.has(incarnation);
      if (!isNew && !isAlive(incarnation)) return { alive: false, dead: [] };
      const at = now();
      last = { at, renewedMs: clock.now() };
      endsAt.set(incarnation, at + leaseMs);
      for (const [name, endAt] of endsAt) {
        if (endAt > at) continue;
        endsAt.delete(name);
        ended.set(name, clock.now());
      }
      const others = [...endsAt].filter(([name]) => name !== incarnation).map(([, endAt]) => endAt - at);
      const nextEndMs = others.length > 0 ? Math.min(...others) : undefined;
      return { alive: true, dead: claimDead(), nextEndMs };
    },
    isAlive,
    forget(incarnation) {
      ended.delete(incarnation);
    },
  };
}
