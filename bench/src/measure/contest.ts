import type { SeededRandom } from "@livecache/rig";
import type { Answer, Failure, Figure, Measure } from "./figure.ts";
import { median, shuffled, spread } from "./statistics.ts";

/** One contestant of one case. */
export interface Entrant {
  readonly name: string;
  /** Runs once and answers one number for each measure of the case. */
  readonly round: () => Promise<Readonly<Record<string, number>>>;
}

/** One case, in which all entrants do the same. */
export interface Contest {
  readonly case: string;
  readonly measures: Readonly<Record<string, Measure>>;
  /** Whose numbers the others' are divided by. */
  readonly floor?: string;
  readonly rounds: number;
  /** Rounds before the first that counts. Default 1. */
  readonly warmUps?: number;
  readonly entrants: readonly Entrant[];
}

/**
 * Lets all entrants run in turns, in another order each round, so that what else the machine does hits all of them. An entrant that
 * throws is out, and named with its reason.
 */
export async function runContest(contest: Contest, random: SeededRandom): Promise<Omit<Answer, "notes">> {
  const { rounds, warmUps = 1 } = contest;
  const taken = new Map<string, Readonly<Record<string, number>>[]>();
  const failures: Failure[] = [];
  let still = contest.entrants;
  for (let round = -warmUps; round < rounds; round++) {
    for (const entrant of shuffled(still, random.integer)) {
      try {
        const numbers = await entrant.round();
        if (round >= 0) taken.set(entrant.name, [...(taken.get(entrant.name) ?? []), numbers]);
      } catch (error) {
        taken.delete(entrant.name);
        still = still.filter((other) => other !== entrant);
        failures.push({ case: contest.case, contestant: entrant.name, why: reasonOf(error) });
      }
    }
  }
  const ran = contest.entrants.filter(({ name }) => taken.has(name));
  return { figures: ran.flatMap(({ name }) => figuresOf(contest, name, taken)), failures };
}

function figuresOf(
  contest: Contest,
  contestant: string,
  taken: ReadonlyMap<string, readonly Readonly<Record<string, number>>[]>,
): readonly Figure[] {
  const mine = taken.get(contestant)!;
  const floors = contest.floor === undefined ? undefined : taken.get(contest.floor);
  return Object.entries(contest.measures).flatMap(([measure, meaning]) => {
    const values = mine.flatMap((numbers) => numbers[measure] ?? []);
    if (values.length === 0) return [];
    const ratios = mine.flatMap((numbers, round) => {
      const below = floors?.[round]?.[measure];
      return below === undefined || below === 0 ? [] : [(numbers[measure] ?? Number.NaN) / below];
    });
    const to = ratios.length > 0 ? { floor: contest.floor!, ratio: median(ratios) } : {};
    const rest = { ...meaning, ...spread(values), rounds: values.length, ...to };
    return [{ case: contest.case, contestant, measure, ...rest }];
  });
}

/** The first line of what went wrong. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (
    text
      .split("\n")
      .find((line) => line.trim() !== "")
      ?.trim()
      .slice(0, 240) ?? "no reason given"
  );
}
