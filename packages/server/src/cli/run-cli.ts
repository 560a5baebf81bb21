import { CommanderError } from "commander";
import { isLiveError } from "@livecache/wire";
import type { CliParts } from "./cli-parts.ts";
import { CommandFailure, EXIT, messageOf } from "./failure.ts";
import { createProgram } from "./program.ts";

/**
 * Runs one command line and answers its exit code: 0 fine, 1 a problem was found, 2 the arguments are wrong, 3 the application could not
 * be reached or refused. Never rejects.
 */
export async function runCli(argv: readonly string[], parts: CliParts): Promise<number> {
  let code: number = EXIT.fine;
  const program = createProgram(parts, (ended) => (code = ended));
  try {
    await program.parseAsync(argv.length === 0 ? ["--help"] : shielded(argv), { from: "user" });
    return code;
  } catch (error) {
    // Commander has said what it has to say already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.usage;
    return tell(error, { parts, isJson: argv.includes("--json") });
  }
}

/** Random ids may begin with a dash: one behind the kind that it is of is no option. */
function shielded(argv: readonly string[]): string[] {
  const [command = "", kind = "", id = "", ...rest] = argv;
  const isId =
    ["revoke", "disconnect"].includes(command) && !kind.startsWith("-") && /^-[^-]/.test(id) && id !== "-h";
  return isId ? [command, ...rest, "--", kind, id] : [...argv];
}

function tell(error: unknown, { parts, isJson }: { parts: CliParts; isJson: boolean }): number {
  // Who stops it does not want to read that what was under way has failed.
  if (parts.signal.aborted) return EXIT.fine;
  const { exitCode, code } = kindOf(error);
  const message = messageOf(error);
  if (isJson) parts.out.write(`${JSON.stringify({ error: { code, message } })}\n`);
  parts.err.write(`${message}\n`);
  if (exitCode === EXIT.usage && code === "usage") parts.err.write("livecache --help tells the rest.\n");
  return exitCode;
}

function kindOf(error: unknown): Pick<CommandFailure, "exitCode" | "code"> {
  if (error instanceof CommandFailure) return error;
  if (isLiveError(error)) return { exitCode: EXIT.usage, code: "usage" };
  return { exitCode: EXIT.problem, code: "failed" };
}
