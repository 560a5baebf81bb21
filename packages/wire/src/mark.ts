/** A count within an epoch. */
export interface Mark {
  readonly epoch: string;
  readonly count: number;
}

const MARK = /^([0-9a-z]{1,16})([-.])(\d{1,16})$/;

/** Reads `<epoch><separator><count>` from foreign text; anything malformed is `undefined`. */
export function parseMark(text: unknown, separator: "-" | "."): Mark | undefined {
  if (typeof text !== "string" || text.length > 40) return undefined;
  const [, epoch, between, digits] = MARK.exec(text) ?? [];
  const count = Number(digits);
  return between === separator && Number.isSafeInteger(count) ? { epoch: epoch!, count } : undefined;
}
