import type { Clock } from "../base/clock.ts";
import type { Screen } from "./terminal/screen.ts";

/** Where answers are typed. */
export interface Keyboard extends AsyncIterable<unknown> {
  readonly isTTY?: boolean | undefined;
}

/** What a command runs in. */
export interface CliParts {
  readonly clock: Clock;
  /** Results. */
  readonly out: Screen;
  /** Progress, questions and errors. */
  readonly err: Screen;
  readonly input: Keyboard;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder that it was started in. */
  readonly cwd: string;
  /** Aborted to stop it. */
  readonly signal: AbortSignal;
}

/** What was typed behind the name of a command. */
export interface Given {
  readonly args: readonly (string | undefined)[];
  /** Those of lists that take the rest of the line. */
  readonly rest: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** Runs one command. Resolves with its exit code; rejects with what `run-cli.ts` tells in words. */
export type RunCommand = (parts: CliParts, given: Given) => Promise<number>;
