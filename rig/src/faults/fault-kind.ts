import type { SeededRandom } from "../random.ts";
import type { GroundName, Shelf } from "./grounds.ts";
import type { Place, Site } from "./site.ts";

/** What a fault is done with. */
export interface Strike {
  readonly site: Site;
  /** The node that it concerns, if it concerns one. */
  readonly place: Place;
  readonly forMs: number;
  readonly random: SeededRandom;
}

/** Undoes it. */
export type Heal = () => Promise<void> | void;

/** One kind of fault. */
export interface FaultKind {
  /** The grounds that it is of. Default: all. */
  readonly on?: readonly GroundName[];
  /** How long it lasts, from and to. */
  readonly forMs: readonly [from: number, to: number];
  /** `"all"`: it is between all nodes and Redis. `"one"`: between one of them and Redis. `"node"`: it is one of the processes. */
  readonly reach: "all" | "one" | "node";
  /** Redis may have less afterwards than it had; `"repeatedly"`: the same thing may be lost, written and lost again. */
  readonly loses?: "once" | "repeatedly";
  /** Nodes have to say soon that Redis is away: at once, because it says so, or after they were not answered. */
  readonly outage?: "told" | "silent";
  /** Does the damage; what it answers undoes it. */
  readonly strike: (strike: Strike) => Promise<Heal>;
}

/** Keeps the names of faults, and what each may say of itself. */
export function kinds<Name extends string>(
  all: Readonly<Record<Name, FaultKind>>,
): Readonly<Record<Name, FaultKind>> {
  return all;
}

/** The single Redis of a run. Throws when it has another ground. */
export function singleOf({ site }: Pick<Strike, "site">): Shelf {
  if (!site.single) throw new Error("this fault is of a single Redis");
  return site.single;
}

/** Waits. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
