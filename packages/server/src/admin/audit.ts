import type { AuditLine } from "@livecache/wire";

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
