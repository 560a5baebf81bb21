/** Largest body that is pushed, in bytes; a larger one is told as stale. */
export const MAX_PUSHED_BYTES = 64 * 1024;

/** Deepest nesting of a body that is pushed: encoding a frame takes stack for each level. */
const MAX_DEPTH = 256;

/** Reads a body as JSON. `undefined` for one that is none, too large, or nested too deeply. */
export function parsePushable(bytes: Uint8Array): unknown {
  if (bytes.length > MAX_PUSHED_BYTES) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString());
    return isWithin(value, MAX_DEPTH) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isWithin(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isWithin(inner, depth - 1));
}
