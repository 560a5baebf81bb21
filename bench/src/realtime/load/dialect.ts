/** What the clients of a contestant speak: Engine.IO and Socket.IO framing, or bare JSON. */
export type Dialect = "socket.io" | "raw";

const OPENING = { "socket.io": '42["tick",{"n":"', raw: '["tick",{"n":"' } as const;
/** Where the name of the event has its second letter: "i" for an event of the benchmark. */
const LETTER = 2;
const LEAST_BYTES = 60;
const NUMBER_DIGITS = 10;
const BETWEEN = '","at":"'.length;
const TIME_DIGITS = 16;

/** Whether a message is an event of the benchmark. */
export function isTick(data: Buffer, dialect: Dialect): boolean {
  if (data.length < LEAST_BYTES) return false;
  const start = dialect === "raw" ? LETTER : LETTER + 2;
  return data[start] === 0x74 && data[start + 1] === 0x69 && data[start + 2] === 0x63;
}

/** Number and time of an event, from where they always stand: parsing JSON would cost the load more than receiving it. */
export function readTick(data: Buffer, dialect: Dialect): { n: number; atUs: number } {
  const from = OPENING[dialect].length;
  const time = from + NUMBER_DIGITS + BETWEEN;
  return {
    n: digits(data, from, from + NUMBER_DIGITS),
    atUs: digits(data, time, time + TIME_DIGITS),
  };
}

const PLACE = Buffer.from('"cursor":');
/** Where the description of an event ends, it is not longer than this. */
const META_BYTES = 240;

/** Whether an event of Livecache says where its channel stands with it. */
export function hasPlace(data: Buffer): boolean {
  return data.includes(PLACE, Math.max(0, data.length - META_BYTES));
}

function digits(data: Buffer, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) value = value * 10 + data[at]! - 48;
  return value;
}
