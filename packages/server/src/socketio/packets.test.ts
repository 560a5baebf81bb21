import { Server } from "socket.io";
import { expect, test } from "vitest";
import { createPacketMaker } from "./packets.ts";

/** Reads a server's WebSocket frame: not masked, in one piece, of text. */
function readFrame(frame: Buffer): string {
  expect(frame[0]).toBe(0x81);
  const short = frame[1]!;
  const head = short < 126 ? 2 : short === 126 ? 4 : 10;
  const size = head === 2 ? short : head === 4 ? frame.readUInt16BE(2) : Number(frame.readBigUInt64BE(2));
  expect(frame.length).toBe(head + size);
  return frame.subarray(head).toString();
}

const io = new Server();
const stock = createPacketMaker(io);

test("what goes to one socket is the packet that Socket.IO itself would make", () => {
  for (const args of [[], [{ a: [1, "ü"] }], ["x", undefined, null], [{ deep: { date: new Date(0) } }]]) {
    const { parts, bytes } = stock.single("item", args);
    expect(parts).toEqual(io.encoder.encode({ type: 2, nsp: "/", data: ["item", ...args] }));
    expect(bytes).toBe(Buffer.byteLength(String(parts[0])));
  }
});

// The whole text is the packet's type and the array around the body: 13 bytes besides it.
test.each([0, 100, 111, 112, 113, 125, 126, 127, 65_521, 65_522, 65_523, 65_535, 65_536, 70_000])(
  "a body of %d bytes makes a frame that says how long it is",
  (size) => {
    const told = { frame: "item", args: ["x".repeat(size)] };
    const { parts, frame, options, bytes } = stock.shared(told);
    expect(readFrame(frame![0])).toBe(`4${String(parts[0])}`);
    expect(options.wsPreEncodedFrame).toEqual(frame);
    expect(bytes).toBe(frame![0].length);
  },
);

test("text that is JSON already is put in as it is, and makes the same packet", () => {
  const body = { title: 'ü€💥 "quoted"\u2028', list: [1, null] };
  const meta = { channel: "news", cursor: "a-1" };
  const json = `${JSON.stringify(body)},${JSON.stringify(meta)}`;
  const args = [body, meta];
  expect(stock.shared({ frame: "item", args, json })).toEqual(stock.shared({ frame: "item", args }));
});

test("a server with a parser of its own gets what that makes, from the arguments", () => {
  const bytes = Buffer.from("bytes");
  class Encoder {
    encode = () => [bytes];
  }
  const { Decoder } = io["_parser"];
  const maker = createPacketMaker(new Server({ parser: { Encoder, Decoder } }));
  const packet = maker.shared({ frame: "item", args: [1], json: "1" });
  expect(packet).toEqual({ parts: [bytes], frame: undefined, options: { compress: false }, bytes: 5 });
});
