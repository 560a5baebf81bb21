import type { Position } from "@livecache/wire";

/**
 * Whether this node may answer from its own memory. It may while it has lately been told everything that the log holds, and
 * has applied its own changes. Pure: the caller brings the time.
 */
export interface Lease {
  /** Everything that the log held at `askedAtMs` has been applied. Dated from when the question was sent, not answered. */
  heard(askedAtMs: number): void;
  /** This node's own memory is not used before the board has reached `position`. */
  require(position: Position): void;
  /** Ends the lease at once, until something is heard again. */
  end(): void;
  /** Whether the lease is current for a node whose board stands at `at`. */
  isCurrent(nowMs: number, at: Position | undefined): boolean;
}

/** Makes a lease that lasts `leaseMs` from each question. */
export function createLease(leaseMs: number): Lease {
  let heardAtMs = Number.NEGATIVE_INFINITY;
  let requiredSeq = 0;
  return {
    heard(askedAtMs) {
      heardAtMs = Math.max(heardAtMs, askedAtMs);
    },
    require(position) {
      requiredSeq = Math.max(requiredSeq, position.seq);
    },
    end() {
      heardAtMs = Number.NEGATIVE_INFINITY;
    },
    isCurrent(nowMs, at) {
      // Sequences grow over epochs too, so a requirement of an epoch that has passed is met by the next.
      return at !== undefined && at.seq >= requiredSeq && nowMs - heardAtMs < leaseMs;
    },
  };
}
