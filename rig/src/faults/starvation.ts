import { readFile } from "node:fs/promises";
import { machineMs } from "../machine-ms.ts";

/** A span in which a process was ready to run and did not get to. */
interface Wait {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Watches whether processes get the processor. Others work on the machine too, and that is no fault of the nodes. */
export interface Starvation {
  /** Whether somebody starved at some time in a span. */
  during(fromMs: number, untilMs: number): boolean;
  /** Share of the time in which somebody starved. */
  share(): number;
  stop(): void;
}

const EVERY_MS = 250;
/** So much later than it should is too late. */
const MOST_LATE = 2;
/** From this share on a process starves. */
const STARVING = 0.25;
const NANOSECONDS = 1e6;

/** Begins to watch the processes that `pids` answers at the time. Where the system does not say, nobody starves. */
export function watchStarvation(pids: () => readonly (number | undefined)[]): Starvation {
  const waits: Wait[] = [];
  const last = new Map<number, { readonly atMs: number; readonly waitedMs: number }>();
  let looks = 0;
  let lookedAtMs = machineMs();

  async function look(): Promise<void> {
    looks++;
    const fromMs = lookedAtMs;
    const atMs = (lookedAtMs = machineMs());
    // Whoever looks too late starves itself.
    let share = atMs - fromMs > MOST_LATE * EVERY_MS ? 1 : 0;
    for (const pid of pids()) {
      const waitedMs = pid === undefined ? undefined : await waitedBy(pid);
      if (waitedMs === undefined) continue;
      const before = last.get(pid!);
      if (before) share = Math.max(share, (waitedMs - before.waitedMs) / (atMs - before.atMs));
      last.set(pid!, { atMs, waitedMs });
    }
    if (share >= STARVING) waits.push({ fromMs, untilMs: atMs });
  }

  const timer = setInterval(() => void look(), EVERY_MS);
  return {
    during: (fromMs, untilMs) => waits.some((wait) => wait.untilMs >= fromMs && wait.fromMs <= untilMs),
    share: () => (looks === 0 ? 0 : waits.length / looks),
    stop: () => clearInterval(timer),
  };
}

/** How long a process has waited for a processor in all. */
async function waitedBy(pid: number): Promise<number | undefined> {
  try {
    const [, waited] = (await readFile(`/proc/${pid}/schedstat`, "utf8")).split(" ");
    return Number(waited) / NANOSECONDS;
  } catch {
    return undefined;
  }
}
