import type { SeededRandom } from "../random.ts";

/** What may befall a run, and how long it lasts by itself. */
export const CASES = {
  "cut-2s": 2_000,
  "cut-30s": 30_000,
  "node-kill": 1_500,
  "redis-freeze": 3_000,
  "redis-kill": 3_000,
  partition: 3_000,
} as const;

/** The name of a case. */
export type LossCase = keyof typeof CASES;

/** Groups of clients, each with a gate of its own; even ones are on the first node, odd ones on the second. */
export const GROUPS = 4;

/** One fault. */
export type Fault =
  | { readonly kind: "clients"; readonly groups: readonly number[]; readonly how: "cut" | "hang" }
  | { readonly kind: "node-kill"; readonly node: number }
  | { readonly kind: "redis-freeze" }
  | { readonly kind: "redis-kill" }
  | { readonly kind: "partition"; readonly node: number; readonly how: "cut" | "hang" | "hang-replies" };

/** One round of a run: a quiet time, a fault for a time, and perhaps a few clients cut off for a moment meanwhile. */
export interface Round {
  readonly quietMs: number;
  readonly fault: Fault;
  readonly forMs: number;
  readonly besides: { readonly group: number; readonly afterMs: number; readonly forMs: number } | undefined;
}

/** Works out the next round. `forMs`: how long the fault lasts. */
export function drawRound(name: LossCase, random: SeededRandom, forMs: number): Round {
  const fault = drawFault(name, random);
  const isClients = fault.kind === "clients";
  const quietMs = (0.2 + random.next() * 0.4) * Math.min(forMs, 3_000);
  const group = random.integer(GROUPS);
  const [after, long] = [random.next(), random.next()];
  const besides = { group, afterMs: after * forMs * 0.7, forMs: 50 + long * forMs * 0.3 };
  const hasBesides = random.integer(2) === 0 && !isClients;
  return { quietMs, fault, forMs, besides: hasBesides ? besides : undefined };
}

function drawFault(name: LossCase, random: SeededRandom): Fault {
  const node = random.integer(2);
  if (name === "node-kill") return { kind: "node-kill", node };
  if (name === "redis-freeze" || name === "redis-kill") return { kind: name };
  if (name === "partition") {
    return { kind: "partition", node, how: random.pick(["cut", "hang", "hang-replies"]) };
  }
  const all = Array.from({ length: GROUPS }, (_, group) => group);
  const some = all.filter(() => random.integer(2) === 0);
  return {
    kind: "clients",
    groups: some.length > 0 ? some : all,
    how: random.integer(3) === 0 ? "hang" : "cut",
  };
}
