/** A complete response as it is stored: status 200, its own headers by lower-case name, and its bytes. */
export interface StoredResponse {
  readonly headers: ReadonlyMap<string, string | readonly string[]>;
  readonly body: Uint8Array;
}

const FORMAT = 1;
const HEAD_START = 5;

/** One format byte, the length of the head in four bytes, the head as JSON, the body as it is. */
export const responseCodec = {
  encode({ headers, body }: StoredResponse): Uint8Array {
    const head = Buffer.from(JSON.stringify([...headers]));
    const bytes = Buffer.allocUnsafe(HEAD_START + head.length + body.length);
    bytes.writeUInt8(FORMAT, 0);
    bytes.writeUInt32BE(head.length, 1);
    bytes.set(head, HEAD_START);
    bytes.set(body, HEAD_START + head.length);
    return bytes;
  },
  /** @throws RangeError or SyntaxError when the bytes are not what `encode` wrote */
  decode(bytes: Uint8Array): StoredResponse {
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    if (view.readUInt8(0) !== FORMAT) throw new RangeError(`unknown response format ${bytes[0]}`);
    const bodyStart = HEAD_START + view.readUInt32BE(1);
    if (bodyStart > view.length) throw new RangeError("the head is cut off");
    const head = JSON.parse(view.toString("utf8", HEAD_START, bodyStart)) as [string, string | string[]][];
    return { headers: new Map(head), body: view.subarray(bodyStart) };
  },
};
