import { request } from "node:http";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";

/** A WebSocket spoken by hand, so that it may do what no client library does: stop reading, or send what is no frame. */
export interface RawClient {
  /** What the server has sent as text, in order. */
  readonly texts: string[];
  isOpen(): boolean;
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>;
  /** Sends one text, or one binary frame. */
  send(data: string | Buffer): void;
  /** Sends bytes as they are. */
  sendBytes(bytes: Buffer): void;
  /** Takes nothing from the kernel any more, so that the server's writes pile up. */
  stopReading(): void;
  readAgain(): void;
  destroy(): void;
}

/** The server did not upgrade. */
export interface Refused {
  readonly status: number;
  readonly body: string;
}

const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;

/** Opens a WebSocket to a Socket.IO server, below Socket.IO: nobody has introduced themselves yet. */
export function openRaw(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<RawClient | Refused> {
  return new Promise((resolve, reject) => {
    const asked = request(`${url}/socket.io/?EIO=4&transport=websocket`, {
      headers: {
        connection: "Upgrade",
        upgrade: "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "MDEyMzQ1Njc4OWFiY2RlZg==",
        ...headers,
      },
    });
    asked.on("upgrade", (_response, socket: Socket, head) => resolve(speak(socket, head)));
    asked.on("response", (response) => resolve(readRefusal(response)));
    asked.on("error", reject);
    asked.end();
  });
}

/** Opens a WebSocket and introduces itself, as a Socket.IO client does. */
export async function openRawSocket(url: string, { auth = {}, headers = {} } = {}): Promise<RawClient> {
  const client = await openRaw(url, headers);
  if (!("texts" in client)) throw new Error(`refused: ${client.status} ${client.body}`);
  client.send(`40${JSON.stringify(auth)}`);
  return client;
}

async function readRefusal(response: IncomingMessage): Promise<Refused> {
  let body = "";
  for await (const chunk of response) body += String(chunk);
  return { status: response.statusCode ?? 0, body };
}

function speak(socket: Socket, head: Buffer): RawClient {
  const texts: string[] = [];
  let buffered = head;
  let open = true;
  const closed = new Promise<void>((resolve) => {
    socket.on("close", () => {
      open = false;
      resolve();
    });
  });
  const take = (chunk: Buffer): void => {
    buffered = Buffer.concat([buffered, chunk]);
    for (let frame = readFrame(buffered); frame; frame = readFrame(buffered)) {
      buffered = buffered.subarray(frame.length);
      if (frame.code === CLOSE) socket.end();
      if (frame.code !== TEXT) continue;
      const text = frame.body.toString();
      if (text === "2") send("3");
      else texts.push(text);
    }
  };
  function send(data: string | Buffer): void {
    if (open) socket.write(toFrame(data));
  }
  socket.on("data", take);
  socket.on("error", () => undefined);
  take(Buffer.alloc(0));
  return {
    texts,
    closed,
    isOpen: () => open,
    send,
    sendBytes: (bytes) => void (open && socket.write(bytes)),
    stopReading: () => void socket.pause(),
    readAgain: () => void socket.resume(),
    destroy: () => void socket.destroy(),
  };
}

/** One frame of a client: masked, with a mask of zeros. */
function toFrame(data: string | Buffer): Buffer {
  const body = Buffer.from(data as string);
  const code = 0x80 | (typeof data === "string" ? TEXT : BINARY);
  const mask = Buffer.alloc(4);
  if (body.length < 126) return Buffer.concat([Buffer.from([code, 0x80 | body.length]), mask, body]);
  if (body.length < 65_536) {
    return Buffer.concat([Buffer.from([code, 0xfe, body.length >> 8, body.length & 0xff]), mask, body]);
  }
  const head = Buffer.alloc(10);
  head[0] = code;
  head[1] = 0xff;
  head.writeBigUInt64BE(BigInt(body.length), 2);
  return Buffer.concat([head, mask, body]);
}

/** The first frame of the bytes, if it is complete. A server sends none in pieces here. */
function readFrame(
  bytes: Buffer,
): { readonly code: number; readonly body: Buffer; readonly length: number } | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes[1]! & 0x7f;
  const head = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < head) return undefined;
  const size = head === 2 ? short : head === 4 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (bytes.length < head + size) return undefined;
  return { code: bytes[0]! & 0x0f, body: bytes.subarray(head, head + size), length: head + size };
}
