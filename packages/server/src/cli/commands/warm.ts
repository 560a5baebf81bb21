import { sleep } from "../../base/clock.ts";
import type { CliParts, Given } from "../cli-parts.ts";
import { messageOf } from "../failure.ts";
import { readWarmCommand } from "./warm-arguments.ts";
import { warmRound } from "./warm-round.ts";
import type { Round } from "./warm-round.ts";

/** Warms once, or again and again until it is stopped. Resolves with 1 when a request of the last round failed. */
export async function run({ clock, out, err, signal }: CliParts, given: Given): Promise<number> {
  const command = readWarmCommand(given);
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
