import { seededRandom } from "@livecache/rig";

const WORDS = ["audit", "bearing", "camera", "door", "engine", "filter", "gear", "housing", "inlet", "joint"];

/** One line of a made-up record. */
interface Line {
  readonly part: string;
  readonly amount: number;
  readonly price: number;
  readonly passed: boolean;
}

/** A record such as a database gives. */
export interface Payload {
  readonly id: string;
  readonly version: number;
  readonly note: string;
  readonly lines: readonly Line[];
}

/** Makes the record of a key: always an equal one for equal arguments, and no object of it is shared with another. */
export type MakePayload = (id: string, version?: number) => Payload;

/** A maker of records that take about `bytes` bytes as JSON: exactly that for an id of 10 characters and one digit of version. */
export function payloadMaker(bytes: number): MakePayload {
  const random = seededRandom(bytes);
  const empty: Payload = { id: "0123456789", version: 0, note: "", lines: [] };
  const lines: Line[] = [];
  for (;;) {
    const line = {
      part: `${random.pick(WORDS)}-${random.integer(1_000)}`,
      amount: random.integer(100),
      price: random.integer(100_000) / 100,
      passed: random.next() > 0.2,
    };
    if (size({ ...empty, lines: [...lines, line] }) > bytes) break;
    lines.push(line);
  }
  const note = "x".repeat(Math.max(0, bytes - size({ ...empty, lines })));
  const rest = JSON.stringify({ note, lines });
  return (id, version = 0) => ({ id, version, ...(JSON.parse(rest) as Pick<Payload, "note" | "lines">) });
}

function size(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
