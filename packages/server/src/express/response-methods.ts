import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from "node:http";

/** The methods through which a response leaves, bound to it, with the arguments that this package gives them. */
export interface ResponseMethods {
  writeHead(...args: HeadArguments): unknown;
  write(chunk: unknown, ...rest: readonly unknown[]): boolean;
  end(...args: readonly unknown[]): unknown;
  flushHeaders(): void;
}

/** Arguments of `writeHead`. Headers are an object, a flat list of names and values, or a list of pairs. */
export type HeadArguments = readonly [
  status: number,
  reason?: string | HeadHeaders | undefined,
  headers?: HeadHeaders | undefined,
];

type HeadHeaders = OutgoingHttpHeaders | readonly OutgoingHttpHeader[];

/** The present methods of a response, outer middleware's wrappers included. */
export function methodsOf(res: ServerResponse): ResponseMethods {
  return {
    writeHead: res.writeHead.bind(res) as ResponseMethods["writeHead"],
    write: res.write.bind(res) as ResponseMethods["write"],
    end: res.end.bind(res) as ResponseMethods["end"],
    flushHeaders: res.flushHeaders.bind(res),
  };
}

/** Does to the response what `writeHead` would, without sending. */
export function applyHead(res: ServerResponse, [status, reason, headers]: HeadArguments): void {
  res.statusCode = status;
  if (typeof reason === "string") res.statusMessage = reason;
  const pairs = headerPairs((typeof reason === "string" ? headers : (headers ?? reason)) ?? {});
  for (const [name] of pairs) res.removeHeader(name);
  for (const [name, value] of pairs) res.appendHeader(name, value as string | readonly string[]);
}

function headerPairs(headers: HeadHeaders): readonly (readonly [string, OutgoingHttpHeader | undefined])[] {
  if (!Array.isArray(headers)) return Object.entries(headers);
  const list = headers.flat() as OutgoingHttpHeader[];
  return Array.from({ length: list.length / 2 }, (_, index) => [
    String(list[index * 2]),
    list[index * 2 + 1],
  ]);
}

/** What a handler gave to `write` or `end`. */
export interface ChunkArguments {
  /** Empty when there was none. */
  readonly bytes: Uint8Array;
  readonly callback: (() => void) | undefined;
}

/** Reads the arguments of `write` or `end`: chunk, encoding and callback, each of which may be missing. */
export function readChunk(args: readonly unknown[]): ChunkArguments {
  const callback = args.find((arg) => typeof arg === "function") as ChunkArguments["callback"];
  const [chunk, encoding] = args.filter((arg) => typeof arg !== "function");
  return { bytes: bytesOf(chunk ?? "", encoding as BufferEncoding | undefined), callback };
}

/** Always a copy, because the handler may use its buffer again. */
function bytesOf(chunk: unknown, encoding: BufferEncoding | undefined): Uint8Array {
  return typeof chunk === "string" ? Buffer.from(chunk, encoding) : Buffer.from(chunk as Uint8Array);
}
