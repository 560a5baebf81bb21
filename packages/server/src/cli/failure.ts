/** How a command ended. Scripts rely on the figures: `docs/reference/cli.md`. */
export const EXIT = { fine: 0, problem: 1, usage: 2, unreachable: 3 } as const;

/** One of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Why a command could not do what it was asked, with the exit code that says so. */
export class CommandFailure extends Error {
  readonly exitCode: ExitCode;
  /** A word for programs: of the errors of Livecache where the application sent one. */
  readonly code: string;

  constructor(exitCode: ExitCode, code: string, message: string) {
    super(message);
    this.name = "CommandFailure";
    this.exitCode = exitCode;
    this.code = code;
  }
}

/** The arguments are wrong: says what was expected. */
export function wrongUse(message: string): CommandFailure {
  return new CommandFailure(EXIT.usage, "usage", message);
}

/** What went wrong, in words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
