/** A place in the log of a database: how far transactions have been taken over. */
export interface RowPlace {
  /** Which history of which server the number belongs to. */
  readonly history: string;
  /** Where the record of the last transaction's commit begins: that and all before it are done. */
  readonly lsn: bigint;
  /** Of that transaction only so many rows are done; absent: all. */
  readonly rows?: number | undefined;
}

const PLACE = /^([0-9]+-[0-9]+)@([0-9A-F]+\/[0-9A-F]+)(?:\+([0-9]+))?$/;

/** Writes a place as `history@lsn`, or `history@lsn+rows`. */
export function formatPlace({ history, lsn, rows }: RowPlace): string {
  return `${history}@${formatLsn(lsn)}${rows === undefined ? "" : `+${rows}`}`;
}

/** Reads a place; `undefined` for what is none. */
export function parsePlace(text: string | undefined): RowPlace | undefined {
  const [, history, lsn, rows] = PLACE.exec(text ?? "") ?? [];
  if (!history || !lsn) return undefined;
  return { history, lsn: parseLsn(lsn), rows: rows === undefined ? undefined : Number(rows) };
}

/** Reads an LSN as PostgreSQL writes it: `16/B374D848`. */
export function parseLsn(text: string): bigint {
  const [high = "", low = ""] = text.split("/");
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}

/** Writes an LSN as PostgreSQL does. */
export function formatLsn(lsn: bigint): string {
  const hex = (part: bigint): string => part.toString(16).toUpperCase();
  return `${hex(lsn >> 32n)}/${hex(lsn & 0xffffffffn)}`;
}
