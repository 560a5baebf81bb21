/** What an operator has done, or tried to do. */
export interface AuditLine {
  /** The ground's date, in milliseconds since 1970. */
  readonly atMs: number;
  readonly operator: string;
  readonly action: string;
  /** What was asked for. Tokens stand in it as digests. */
  readonly target: Readonly<Record<string, unknown>>;
  readonly reason: string;
  /** What came of it: the answer, or the code of the error. */
  readonly outcome: Readonly<Record<string, unknown>> | string;
}

/** The last lines on this node, newest first. */
export interface Audit {
  note(line: AuditLine): void;
  lines(): readonly AuditLine[];
}

const MOST_LINES = 200;

/** Makes an empty audit; each line is also handed to `tell`, which must not throw. */
export function createAudit(tell: (line: AuditLine) => void): Audit {
  const lines: AuditLine[] = [];
  return {
    note(line) {
      lines.unshift(line);
      if (lines.length > MOST_LINES) lines.pop();
      tell(line);
    },
    lines: () => [...lines],
  };
}
