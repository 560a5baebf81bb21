import type { SeededRandom } from "../random.ts";

/** What happens to one call of the ground. */
export type Fate =
  /** It is carried out, and answered. */
  | "fine"
  /** It never arrives. */
  | "lost"
  /** It is carried out, and the answer never arrives. */
  | "unanswered"
  /** It is carried out, and the answer comes late, but within the deadline. */
  | "late"
  /** It is refused at once: too many calls are under way. */
  | "busy"
  /** It arrives, and the server does not let us: it is read-only, or out of memory. */
  | "refused";

/** How one schedule treats what goes between a node and the ground. Chances are out of 1,000. */
export interface Weather {
  readonly lost: number;
  readonly unanswered: number;
  readonly late: number;
  readonly busy: number;
  readonly refused: number;
  /** Of things told by the ground: told twice, told after the next one. */
  readonly twice: number;
  readonly swapped: number;
  /** Longest that something usually takes on its way, in simulated milliseconds; 0: it takes no time. */
  readonly hopMs: number;
}

/** Nothing goes wrong, and nothing takes time. */
export const CALM: Weather = {
  ...{ lost: 0, unanswered: 0, late: 0, busy: 0, refused: 0, twice: 0, swapped: 0, hopMs: 0 },
};

/** Draws the fate of one call. */
export function drawFate(weather: Weather, random: SeededRandom): Fate {
  const { lost, unanswered, late, busy, refused } = weather;
  if (weather === CALM) return "fine";
  let drawn = random.integer(1_000);
  if ((drawn -= lost) < 0) return "lost";
  if ((drawn -= unanswered) < 0) return "unanswered";
  if ((drawn -= late) < 0) return "late";
  if ((drawn -= busy) < 0) return "busy";
  return drawn - refused < 0 ? "refused" : "fine";
}

/** Draws the weather of a schedule: about a third has none of one kind of fault. */
export function drawWeather(random: SeededRandom): Weather {
  const some = (most: number): number => (random.integer(3) === 0 ? random.integer(most) : 0);
  return {
    lost: some(200),
    unanswered: some(200),
    late: some(200),
    busy: some(100),
    refused: some(20),
    twice: some(200),
    swapped: some(100),
    hopMs: random.pick([0, 2, 6, 40]),
  };
}
