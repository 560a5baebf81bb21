import { sleep } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import type { Screen } from "./show-progress.ts";
import { USAGE, readArguments } from "./warm-arguments.ts";
import type { WarmCommand } from "./warm-arguments.ts";
import { warmRound } from "./warm-round.ts";
import type { Round } from "./warm-round.ts";

/** What the command runs in. */
export interface CliParts {
  readonly clock: Clock;
  /** Results. */
  readonly out: Screen;
  /** Progress and errors. */
  readonly err: Screen;
  /** Aborted to stop it. */
  readonly signal: AbortSignal;
}

/** Runs one command line and answers its exit code: 0, 1 when something failed, 2 when the arguments are wrong. */
export async function runCli(argv: readonly string[], parts: CliParts): Promise<number> {
  let command: WarmCommand | "help";
  try {
    command = readArguments(argv);
  } catch (error) {
    parts.err.write(`${messageOf(error)}\nlivecache --help tells the rest.\n`);
    return 2;
  }
  if (command !== "help") return warm(command, parts);
  parts.out.write(USAGE);
  return 0;
}

async function warm(command: WarmCommand, parts: CliParts): Promise<number> {
  const { clock, out, err, signal } = parts;
  const { everyMs } = command;
  for (;;) {
    let code: number;
    try {
      const round = await warmRound(command, { clock, screen: err, signal });
      out.write(command.json ? `${JSON.stringify(round)}\n` : summaryOf(round));
      code = round.failed > 0 ? 1 : 0;
    } catch (error) {
      err.write(`${messageOf(error)}\n`);
      code = 1;
    }
    if (everyMs === undefined || signal.aborted) return code;
    await sleep(clock, everyMs, signal);
    if (signal.aborted) return code;
  }
}

function summaryOf({ done, stored, hit, notStored, failed, ms }: Round): string {
  return `warmed ${done} in ${ms} ms: ${stored} stored, ${hit} there already, ${notStored} not stored, ${failed} failed\n`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
