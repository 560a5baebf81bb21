import type { Clock } from "../base/clock.ts";
import type { ClaimStore } from "../ports/claim-store.ts";

interface Claim {
  readonly owner: string;
  readonly result?: string;
  readonly endsAtMs: number;
}

/** How many claims are looked at for being over when one is added: more than one, so that old ones do not pile up. */
const SWEPT_AT_ONCE = 4;

/** Claims on work, in this process. */
export function createMemoryClaimStore(clock: Clock, guard: () => void): ClaimStore {
  const claims = new Map<string, Claim>();
  let sweeping = claims.entries();

  function held(name: string): Claim | undefined {
    const claim = claims.get(name);
    if (!claim || claim.endsAtMs > clock.now()) return claim;
    claims.delete(name);
    return undefined;
  }

  function sweep(): void {
    for (let count = 0; count < SWEPT_AT_ONCE; count++) {
      const step = sweeping.next();
      if (step.done) {
        sweeping = claims.entries();
        return;
      }
      held(step.value[0]);
    }
  }

  return {
    async claim({ name, owner, holdMs }) {
      guard();
      const claim = held(name);
      if (claim?.result !== undefined) return { state: "done", result: claim.result };
      if (claim) return { state: "running" };
      claims.set(name, { owner, endsAtMs: clock.now() + holdMs });
      sweep();
      return { state: "granted" };
    },
    async settle({ name, owner, result, keepMs }) {
      guard();
      const claim = held(name);
      if (claim && (claim.owner !== owner || claim.result !== undefined)) return false;
      claims.set(name, { owner, result, endsAtMs: clock.now() + keepMs });
      return true;
    },
    async release(name, owner) {
      guard();
      const claim = held(name);
      if (claim?.owner === owner && claim.result === undefined) claims.delete(name);
    },
  };
}
