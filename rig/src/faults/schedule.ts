import type { SeededRandom } from "../random.ts";
import { GROUNDS } from "./grounds.ts";
import type { GroundName } from "./grounds.ts";
import { faultsOf, kindOf } from "./kinds.ts";
import type { FaultName } from "./kinds.ts";

/** One fault of a run. */
export interface Step {
  /** When it begins, in milliseconds from the beginning of the run; later, if the one before it takes so long. */
  readonly atMs: number;
  /** `"calm"`: nothing happens, and afterwards everything has to be as it should. */
  readonly fault: FaultName | "calm";
  /** The node that it concerns, from 0, if it concerns one. */
  readonly node: number;
  readonly forMs: number;
}

/** Everything that is to befall a run. */
export interface Schedule {
  readonly seed: number;
  readonly nodes: number;
  readonly ground: GroundName;
  readonly steps: readonly Step[];
}

/** How a schedule is drawn. */
export interface ScheduleOptions {
  readonly seed: number;
  readonly nodes: number;
  readonly ground: GroundName;
  readonly forMs: number;
  readonly kinds: readonly FaultName[];
  readonly random: SeededRandom;
}

const EVERY_MS = 5_000;
const CALM_MS = 10_000;
/** After how many faults there is calm. */
const FAULTS_BETWEEN = 12;
/** How much sooner or later than every 5 s. */
const JITTER_MS = 800;

/** Draws a schedule: each kind comes as often as any other, in a new order each time. */
export function drawSchedule(options: ScheduleOptions): Schedule {
  const { seed, nodes, ground, forMs, kinds, random } = options;
  const steps: Step[] = [];
  let waiting: FaultName[] = [];
  for (let atMs = EVERY_MS / 2; atMs < forMs;) {
    if (steps.length % (FAULTS_BETWEEN + 1) === FAULTS_BETWEEN) {
      steps.push({ atMs, fault: "calm", node: 0, forMs: CALM_MS });
      atMs += CALM_MS;
      continue;
    }
    if (waiting.length === 0) waiting = shuffled(kinds, random);
    const fault = waiting.pop()!;
    const [from, to] = kindOf(fault).forMs;
    const lasts = Math.round(from + random.next() * (to - from));
    const at = Math.round(atMs + random.next() * JITTER_MS);
    steps.push({ atMs: at, fault, node: random.integer(nodes), forMs: lasts });
    atMs += EVERY_MS;
  }
  return { seed, nodes, ground, steps };
}

function shuffled<T>(all: readonly T[], random: SeededRandom): T[] {
  const list = [...all];
  for (let last = list.length - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    [list[last], list[other]] = [list[other]!, list[last]!];
  }
  return list;
}

/** Writes a schedule as JSON lines: the seed, how many nodes there are and on what, and then each step. */
export function formatSchedule({ seed, nodes, ground, steps }: Schedule): string {
  return [JSON.stringify({ seed, nodes, ground }), ...steps.map((step) => JSON.stringify(step)), ""].join(
    "\n",
  );
}

/** Reads what {@link formatSchedule} writes. Throws an error naming the line that is none. */
export function parseSchedule(text: string): Schedule {
  const [head = "", ...lines] = text.trim().split("\n");
  const { seed, nodes, ground = "single" } = read(head, 1) as Partial<Schedule>;
  if (!isWhole(seed) || !isWhole(nodes) || nodes < 2 || !GROUNDS.includes(ground)) {
    throw new Error(`schedule, line 1: expected {"seed":1,"nodes":4}, received ${head.slice(0, 80)}`);
  }
  const faults = faultsOf(ground);
  const steps = lines.map((line, index) => {
    const step = read(line, index + 2) as Step;
    const isFault = step.fault === "calm" || faults.includes(step.fault);
    const numbers = [step.atMs, step.forMs, step.node];
    const isStep = isFault && numbers.every((number) => Number.isFinite(number) && number >= 0);
    if (isStep && step.node < nodes) return step;
    throw new Error(`schedule, line ${index + 2}: this is no fault of ${nodes} nodes: ${line.slice(0, 120)}`);
  });
  return { seed, nodes, ground, steps };
}

function isWhole(value: unknown): value is number {
  return Number.isInteger(value);
}

function read(line: string, number: number): unknown {
  try {
    return (JSON.parse(line) as unknown) ?? {};
  } catch {
    throw new Error(`schedule, line ${number}: expected JSON, received ${line.slice(0, 80)}`);
  }
}
