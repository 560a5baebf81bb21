import type { SeededRandom } from "../random.ts";
import type { Site, SiteNode } from "./site.ts";

/** Something that must not be. */
export interface Finding {
  readonly seed: number;
  readonly rule: string;
  readonly details: string;
}

/** One schedule while it is played. */
export interface Stage {
  readonly seed: number;
  readonly site: Site;
  readonly random: SeededRandom;
  /** Simulated time, strictly increasing: what happens in one instant still has an order. */
  instant(): number;
  /** A name that no other schedule uses. */
  name(what: string): string;
  node(): SiteNode;
  report(rule: string, details: object): void;
  /** Whether the ground has lost data in this schedule. */
  readonly lost: { isLost: boolean };
  /** Nodes on which something waits for the ground. */
  readonly waiting: Set<SiteNode>;
  count(what: string): void;
  /** To be judged when so much simulated time has passed, in a later schedule. */
  later(delayMs: number, judge: () => Promise<string | undefined>): void;
}

/** A feature that takes part in a schedule. */
export interface Play {
  /** What is there before anything goes wrong. */
  begin?(): Promise<unknown>;
  /** What may be done, in any order and at the same time. Each may reject with a `LiveError`. */
  readonly acts: readonly (() => Promise<unknown>)[];
  /** Without faults: what is not yet as it has to be. */
  unsettled(): Promise<string | undefined>;
  /** How long that may take, in simulated milliseconds. Default 5 s. */
  readonly settlesWithinMs?: number;
  /** The schedule is over: judges what was recorded, and lets go of everything. */
  end(): void;
}
