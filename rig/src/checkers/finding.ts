/** Something that must not happen and did. Instants are of the machine's monotonic clock, in milliseconds. */
export interface Finding {
  readonly checker:
    | "cache"
    | "events"
    | "revocation"
    | "sessions"
    | "limits"
    | "presence"
    | "survival"
    | "deadlines"
    | "switching"
    | "answers";
  readonly atMs: number;
  readonly text: string;
}

/** A span in which data of the ground may have been lost. */
export interface Loss {
  readonly fromMs: number;
  readonly untilMs: number;
  /** The same thing may have been lost several times. */
  readonly isRepeated?: boolean;
}

/** Whether data may have been lost between two instants. */
export function isLossBetween(losses: readonly Loss[], fromMs: number, untilMs: number): boolean {
  return losses.some((loss) => loss.fromMs <= untilMs && loss.untilMs >= fromMs);
}
