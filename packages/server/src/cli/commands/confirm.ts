import type { CliParts, Given } from "../cli-parts.ts";
import { wrongUse } from "../failure.ts";

/** Reads `--reason`, which an act needs. Throws a `CommandFailure`. */
export function readReason({ options }: Given): string {
  const { reason } = options;
  if (typeof reason === "string" && reason.trim().length >= 3 && reason.length <= 200) return reason.trim();
  throw wrongUse(
    '--reason: say why, in 3 to 200 characters, such as --reason "laptop stolen". It stands in the audit.',
  );
}

/**
 * Asks whether to go on; with `--yes` it does not ask. Resolves with whether to. Throws a `CommandFailure` where nobody can answer.
 */
export async function confirm(
  question: string,
  { input, err, signal }: CliParts,
  { options }: Given,
): Promise<boolean> {
  if (options["yes"] === true) return true;
  if (!input.isTTY) throw wrongUse(`${question} There is no terminal to ask at: add --yes.`);
  err.write(`${question} [y/N] `);
  const answer = await firstLine(input, signal);
  return /^y(es)?$/i.test(answer.trim());
}

/** Reads one line of what is typed. */
export async function firstLine(input: AsyncIterable<unknown>, signal: AbortSignal): Promise<string> {
  let text = "";
  const ended = new Promise<"ended">((resolve) =>
    signal.addEventListener("abort", () => resolve("ended"), { once: true }),
  );
  const chunks = input[Symbol.asyncIterator]();
  while (!text.includes("\n") && !signal.aborted) {
    const next = await Promise.race([chunks.next(), ended]);
    if (next === "ended" || next.done) break;
    text += String(next.value);
  }
  // Not awaited: the end of a terminal's input would wait for a key.
  void chunks.return?.();
  return text.split(/\r?\n/)[0] ?? "";
}
