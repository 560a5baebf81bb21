import { createChance } from "./chance.ts";
import type { Chance } from "./chance.ts";
import type { DemoPerson, LifeParts } from "./application.ts";
import { visit } from "./visitor.ts";
import type { Visitor } from "./visitor.ts";

/** What the next act is chosen and done with. */
export interface ActParts {
  readonly chance: Chance;
  /** Signs a person in when they act for the first time. */
  readonly as: (person: DemoPerson) => Promise<Visitor>;
}

/** One thing that somebody does; answers it in a few words, or nothing when there was nothing to do. */
export type Act = (parts: ActParts) => Promise<string | undefined>;

/** Shortest and longest time between two acts. */
const PACE_MS = { least: 400, most: 1_600 };

/** Does one act after the other, each drawn by its weight, until the signal. What fails is passed over. */
export async function liveOn(
  { url, signal, seed, onAct }: LifeParts,
  acts: readonly (readonly [weight: number, act: Act])[],
): Promise<void> {
  const chance = createChance(seed);
  const visitors = new Map<string, Promise<Visitor>>();
  const parts: ActParts = {
    chance,
    as(person) {
      const known = visitors.get(person.id) ?? visit(url, person);
      visitors.set(person.id, known);
      // Whoever could not sign in tries again when they act next.
      known.catch(() => visitors.delete(person.id));
      return known;
    },
  };
  while (!signal.aborted) {
    const words = await draw(chance, acts)(parts).catch(() => undefined);
    if (words !== undefined) onAct?.(words);
    await pause(PACE_MS.least + chance.next() * (PACE_MS.most - PACE_MS.least), signal);
  }
}

function draw(chance: Chance, acts: readonly (readonly [number, Act])[]): Act {
  let left = chance.next() * acts.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, act] of acts) {
    if (left < weight) return act;
    left -= weight;
  }
  return acts.at(-1)![1];
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    signal.addEventListener("abort", wake);
  });
}
