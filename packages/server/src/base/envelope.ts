import * as zlib from "node:zlib";

/** First byte of what {@link seal} makes. */
const FORMAT = 1;
const CHECKSUM_AT = 1;
const VERSION_AT = 5;

/** What the envelope adds to a payload, in bytes. */
export const ENVELOPE_BYTES = 9;

/** In Node since 20.15, and not yet in its typings for 20. */
const { crc32 } = zlib as unknown as { crc32(data: Uint8Array, start?: number): number };

/**
 * Puts stored bytes into an envelope: a format byte, a CRC-32 over everything behind it, and the version of the code that wrote
 * them, 0 to 4,294,967,295.
 */
export function seal(payload: Uint8Array, version: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(ENVELOPE_BYTES + payload.length);
  bytes.writeUInt8(FORMAT, 0);
  bytes.writeUInt32BE(version, VERSION_AT);
  bytes.set(payload, ENVELOPE_BYTES);
  bytes.writeUInt32BE(crc32(bytes.subarray(VERSION_AT)), CHECKSUM_AT);
  return bytes;
}

/**
 * Takes the payload out, as a view of the same memory. `"damaged"`: these are not the bytes that {@link seal} made. `"schema"`: they
 * are, for another version; `"any"` takes every version.
 */
export function unseal(bytes: Uint8Array, version: number | "any"): Uint8Array | "schema" | "damaged" {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.length < ENVELOPE_BYTES || view[0] !== FORMAT) return "damaged";
  if (crc32(view.subarray(VERSION_AT)) !== view.readUInt32BE(CHECKSUM_AT)) return "damaged";
  if (version !== "any" && view.readUInt32BE(VERSION_AT) !== version) return "schema";
  return view.subarray(ENVELOPE_BYTES);
}
