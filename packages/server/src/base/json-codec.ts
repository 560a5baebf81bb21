import { LiveError } from "@livecache/wire";

const UNDEFINED = 0;
const JSON_TEXT = 1;

/**
 * Stores plain data as JSON behind one format byte. What comes back is frozen all the way down, because every reader of
 * this node shares it, and never has a `__proto__` property. `undefined` is kept as such.
 */
export const jsonCodec = {
  /** @throws LiveError `LIVE_VALUE_UNSUPPORTED` for what JSON cannot carry: functions, BigInt, cycles */
  encode(value: unknown): Uint8Array {
    if (value === undefined) return Uint8Array.of(UNDEFINED);
    const text = stringify(value);
    const bytes = Buffer.allocUnsafe(1 + Buffer.byteLength(text));
    bytes[0] = JSON_TEXT;
    bytes.write(text, 1);
    return bytes;
  },
  /** @throws SyntaxError or RangeError when the bytes are not what `encode` wrote */
  decode(bytes: Uint8Array): unknown {
    if (bytes[0] === UNDEFINED && bytes.length === 1) return undefined;
    if (bytes[0] !== JSON_TEXT) throw new RangeError(`unknown value format ${bytes[0]}`);
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8", 1);
    const value: unknown = text.includes('"__proto__"') ? JSON.parse(text, dropProto) : JSON.parse(text);
    return deepFreeze(value);
  },
};

function stringify(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (cause) {
    throw unsupported(String(cause), cause);
  }
  if (text === undefined) throw unsupported(`received a ${typeof value}`);
  return text;
}

function unsupported(why: string, cause?: unknown): LiveError {
  return new LiveError(
    "LIVE_VALUE_UNSUPPORTED",
    `The value cannot be cached: ${why}. Return plain data: objects, lists, strings, numbers, booleans, null.`,
    { cause },
  );
}

function dropProto(key: string, value: unknown): unknown {
  return key === "__proto__" ? undefined : value;
}

function deepFreeze(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  // What was just parsed has no inherited properties worth a check, and this makes no list of its own.
  for (const key in value) {
    const child = (value as Record<string, unknown>)[key];
    if (typeof child === "object" && child !== null) deepFreeze(child);
  }
  return Object.freeze(value);
}
