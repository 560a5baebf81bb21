import { CODINGS } from "./codings.ts";
import type { Coding } from "./codings.ts";

/** A complete response as it is stored: its status, its own headers by lower-case name, and its bytes. */
export interface StoredResponse {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string | readonly string[]>;
  readonly body: Uint8Array;
  /** The same body, compressed. */
  readonly coded?: ReadonlyMap<Coding, Uint8Array>;
}

const FORMAT = 2;
const STATUS_AT = 1;
const HEAD_LENGTH_AT = 3;
/** Lengths of the compressed forms, 0 for one that is not there, in the order of `CODINGS`. */
const CODED_LENGTHS_AT = 7;
const HEAD_START = CODED_LENGTHS_AT + 4 * CODINGS.length;

/**
 * One format byte, the status in two, the lengths of the head and of each compressed form in four each; then the head as JSON, the
 * compressed forms, the body.
 */
export const responseCodec = {
  encode({ status, headers, body, coded }: StoredResponse): Uint8Array {
    const head = Buffer.from(JSON.stringify([...headers]));
    const forms = CODINGS.map((coding) => coded?.get(coding) ?? new Uint8Array());
    const pieces = [head, ...forms, body];
    const bytes = Buffer.allocUnsafe(HEAD_START + pieces.reduce((sum, piece) => sum + piece.length, 0));
    bytes.writeUInt8(FORMAT, 0);
    bytes.writeUInt16BE(status, STATUS_AT);
    bytes.writeUInt32BE(head.length, HEAD_LENGTH_AT);
    for (const [index, form] of forms.entries()) {
      bytes.writeUInt32BE(form.length, CODED_LENGTHS_AT + 4 * index);
    }
    let at = HEAD_START;
    for (const piece of pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  },
  /** @throws RangeError or SyntaxError when the bytes are not what `encode` wrote */
  decode(bytes: Uint8Array): StoredResponse {
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    if (view.readUInt8(0) !== FORMAT) throw new RangeError(`unknown response format ${bytes[0]}`);
    const headEnd = HEAD_START + view.readUInt32BE(HEAD_LENGTH_AT);
    const lengths = CODINGS.map((_, index) => view.readUInt32BE(CODED_LENGTHS_AT + 4 * index));
    const bodyStart = lengths.reduce((sum, length) => sum + length, headEnd);
    if (bodyStart > view.length) throw new RangeError("the head is cut off");
    const head = JSON.parse(view.toString("utf8", HEAD_START, headEnd)) as [string, string | string[]][];
    const coded = new Map<Coding, Uint8Array>();
    let at = headEnd;
    for (const [index, coding] of CODINGS.entries()) {
      if (lengths[index]! > 0) coded.set(coding, view.subarray(at, (at += lengths[index]!)));
    }
    const response = {
      status: view.readUInt16BE(STATUS_AT),
      headers: new Map(head),
      body: view.subarray(bodyStart),
    };
    return coded.size > 0 ? { ...response, coded } : response;
  },
};
