import { runCli } from "../../src/cli/run-cli.ts";
import type { CliParts } from "../../src/cli/cli-parts.ts";
import { systemClock } from "../../src/base/clock.ts";

/** What a command printed, and its exit code. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** The first line of `out`, read as JSON. */
  json<T = Record<string, any>>(): T;
}

/** How a command is run, apart from its arguments. */
export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  readonly isTTY?: boolean;
  readonly columns?: number;
  /** What is typed; on a terminal when `isTTY` is given as well. */
  readonly typed?: string;
  readonly cwd?: string;
  readonly signal?: AbortSignal;
  /** Told of each piece of output. */
  readonly onOut?: (text: string) => void;
}

/** Runs one command line in this process, and answers what it printed. */
export async function runCommand(argv: readonly string[], around: Surroundings = {}): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const { isTTY, columns = 80, typed = "", env = {}, cwd = process.cwd() } = around;
  const parts: CliParts = {
    clock: systemClock,
    out: {
      isTTY,
      columns,
      write(text) {
        out.push(text);
        around.onOut?.(text);
      },
    },
    err: { isTTY, columns, write: (text) => err.push(text) },
    input: {
      isTTY,
      async *[Symbol.asyncIterator]() {
        yield typed;
      },
    },
    ...{ env, cwd, signal: around.signal ?? new AbortController().signal },
  };
  const code = await runCli(argv, parts);
  const text = out.join("");
  return { code, out: text, err: err.join(""), json: () => JSON.parse(text.split("\n")[0]!) };
}
