import type { Clock } from "../base/clock.ts";
import type { ClaimStore } from "../ports/claim-store.ts";

interface Claim {
  readonly owner: string;
  readonly result?: string;
  readonly endsAtMs: number;
}

/** Claims on work, in this process: at most `maxBytes` of names and results; beyond that the oldest are forgotten. */
export function createMemoryClaimStore(
  { clock, maxBytes }: { readonly clock: Clock; readonly maxBytes: number },
  guard: () => void,
): ClaimStore {
  /** The one that was written last comes last. */
  const claims = new Map<string, Claim>();
  let bytes = 0;

  function drop(name: string): void {
    const claim = claims.get(name);
    if (!claim) return;
    claims.delete(name);
    bytes -= sizeOf(name, claim);
  }

  function held(name: string): Claim | undefined {
    const claim = claims.get(name);
    if (!claim || claim.endsAtMs > clock.now()) return claim;
    drop(name);
    return undefined;
  }

  function write(name: string, claim: Claim): void {
    drop(name);
    claims.set(name, claim);
    bytes += sizeOf(name, claim);
    for (const [oldest, { endsAtMs }] of claims) {
      if (oldest === name || (endsAtMs > clock.now() && bytes <= maxBytes)) break;
      drop(oldest);
    }
  }

  return {
    async claim({ name, owner, holdMs }) {
      guard();
      const claim = held(name);
      if (claim?.result !== undefined) return { state: "done", result: claim.result };
      if (claim) return { state: "running" };
      write(name, { owner, endsAtMs: clock.now() + holdMs });
      return { state: "granted" };
    },
    async settle({ name, owner, result, keepMs }) {
      guard();
      const claim = held(name);
      if (claim && (claim.owner !== owner || claim.result !== undefined)) return false;
      write(name, { owner, result, endsAtMs: clock.now() + keepMs });
      return true;
    },
    async release(name, owner) {
      guard();
      const claim = held(name);
      if (claim?.owner === owner && claim.result === undefined) drop(name);
    },
  };
}

function sizeOf(name: string, { owner, result = "" }: Claim): number {
  return (name.length + owner.length + result.length) * 2 + 100;
}
