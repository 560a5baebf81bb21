import { LRUCache } from "lru-cache";
import type { Clock } from "../base/clock.ts";

/** How the framework answered a request that it let through. */
export interface Passage<Route> {
  readonly route: Route;
  /** Key of the cached response, and digest of the identity fields that it varies by. */
  readonly key: string;
  readonly digest: string;
  /** Everything that is known of who asked. */
  readonly identity: string;
  /** Headers that the application's own middleware set. */
  readonly standing: Readonly<Record<string, string | readonly string[]>>;
}

/** A request that the framework has let through often and lately enough to be repeated without it. */
export interface Pass<Route> extends Passage<Route> {
  readonly untilMs: number;
}

/** Which requests have passed the framework. Bounded: the pass used longest ago leaves first. */
export interface Passes<Route> {
  /** The pass of a request, if it has one now. */
  find(requestKey: string): Pass<Route> | undefined;
  /**
   * The framework has let a request through. It gets a pass once two passages in a row were alike: what differs from one to the
   * next is made for each request, and cannot be repeated.
   */
  note(requestKey: string, passage: Passage<Route>): void;
  revoke(requestKey: string): void;
  clear(): void;
}

/** Bounds of the passes of one lane. */
export interface PassLimits {
  /** How long a pass lasts: so often at least the framework sees each request. */
  readonly passMs: number;
  readonly maxBytes: number;
}

interface Known<Route> extends Pass<Route> {
  readonly isConfirmed: boolean;
}

/** What a pass costs besides the text of its request, in bytes, roughly. */
const PASS_OVERHEAD_BYTES = 1_000;

/** Makes an empty set of passes. */
export function createPasses<Route>(clock: Clock, { passMs, maxBytes }: PassLimits): Passes<Route> {
  const known = new LRUCache<string, Known<Route>>({
    maxSize: maxBytes,
    sizeCalculation: (_, requestKey) => requestKey.length * 2 + PASS_OVERHEAD_BYTES,
  });
  return {
    find(requestKey) {
      const pass = known.get(requestKey);
      return pass?.isConfirmed && clock.now() < pass.untilMs ? pass : undefined;
    },
    note(requestKey, passage) {
      const before = known.peek(requestKey);
      const isConfirmed = before !== undefined && isAlike(before, passage);
      known.set(requestKey, { ...passage, untilMs: clock.now() + passMs, isConfirmed });
    },
    revoke: (requestKey) => void known.delete(requestKey),
    clear: () => known.clear(),
  };
}

function isAlike<Route>(left: Passage<Route>, right: Passage<Route>): boolean {
  return (
    left.route === right.route &&
    left.key === right.key &&
    left.digest === right.digest &&
    left.identity === right.identity &&
    JSON.stringify(left.standing) === JSON.stringify(right.standing)
  );
}
