import type { SeededRandom } from "@livecache/rig";
import type { Answer, Failure, Figure, Measure } from "./figure.ts";
import { median, shuffled, spread } from "./statistics.ts";

/** One contestant of one case. */
export interface Entrant {
  readonly name: string;
  /** Runs once and answers one number for each measure of the case. */
  readonly round: () => Promise<Readonly<Record<string, number>>>;
}

/** A floor that need not be measured. */
export interface ConstantFloor {
  readonly name: string;
  readonly numbers: Readonly<Record<string, number>>;
}

/** One case, in which all entrants do the same. */
export interface Contest {
  readonly case: string;
  readonly measures: Readonly<Record<string, Measure>>;
  /** Whose numbers the others' are divided by: an entrant's, or numbers that nobody can get below. */
  readonly floor?: string | ConstantFloor;
  /** How many rounds there are at most. */
  readonly rounds: number;
  /** Once this time is over no further round is begun, if two have counted. Default: none. */
  readonly budgetMs?: number;
  /** Rounds before the first that counts. Default 1. */
  readonly warmUps?: number;
  readonly entrants: readonly Entrant[];
}

/**
 * Lets all entrants run in turns, in another order each round, so that what else the machine does hits all of them. An entrant that
 * throws is out, and named with its reason.
 */
export async function runContest(contest: Contest, random: SeededRandom): Promise<Omit<Answer, "notes">> {
  const { rounds, warmUps = 1, budgetMs = Number.POSITIVE_INFINITY } = contest;
  const endsAtMs = performance.now() + budgetMs;
  const taken: Taken = new Map(contest.entrants.map(({ name }) => [name, []]));
  const failures: Failure[] = [];

  async function turn({ name, round }: Entrant, counts: boolean): Promise<void> {
    try {
      const numbers = await round();
      if (counts) taken.get(name)!.push(numbers);
    } catch (error) {
      taken.delete(name);
      failures.push({ case: contest.case, contestant: name, why: reasonOf(error) });
    }
  }

  for (let round = -warmUps; round < rounds; round++) {
    if (round >= 2 && performance.now() > endsAtMs) break;
    const still = contest.entrants.filter(({ name }) => taken.has(name));
    for (const entrant of shuffled(still, random.integer)) await turn(entrant, round >= 0);
  }
  return { figures: [...taken.keys()].flatMap((name) => figuresOf(contest, name, taken)), failures };
}

type Numbers = Readonly<Record<string, number>>;
type Taken = Map<string, Numbers[]>;

function figuresOf(contest: Contest, contestant: string, taken: Taken): readonly Figure[] {
  const mine = taken.get(contestant)!;
  const ratioIn = ratiosOf(contest, mine, taken);
  return Object.entries(contest.measures).flatMap(([measure, meaning]) => {
    const values = mine.flatMap((numbers) => numbers[measure] ?? []);
    if (values.length === 0) return [];
    const rest = { ...meaning, ...spread(values), rounds: values.length, ...ratioIn(measure) };
    return [{ case: contest.case, contestant, measure, ...rest }];
  });
}

/** Says for a measure how these numbers stand to the floor, round by round. */
function ratiosOf(
  { floor }: Contest,
  mine: readonly Numbers[],
  taken: Taken,
): (measure: string) => Pick<Figure, "floor" | "ratio"> {
  if (floor === undefined) return () => ({});
  const name = typeof floor === "string" ? floor : floor.name;
  const numbersIn = (round: number): Numbers | undefined =>
    typeof floor === "string" ? taken.get(floor)?.[round] : floor.numbers;
  return (measure) => {
    const ratios = mine.flatMap((numbers, round) => {
      const below = numbersIn(round)?.[measure];
      return below === undefined || below === 0 ? [] : [(numbers[measure] ?? Number.NaN) / below];
    });
    return ratios.length > 0 ? { floor: name, ratio: median(ratios) } : {};
  };
}

/** The first line of what went wrong. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (
    text
      .split("\n")
      .find((line) => line.trim().replace(/^Error: /, "") !== "")
      ?.trim()
      .replace(/^Error: /, "")
      .slice(0, 240) ?? "no reason given"
  );
}
