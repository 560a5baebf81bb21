/** What Redis answers: a text, a number, nothing, or a list of those. */
export type RedisReply = string | number | null | readonly RedisReply[];

/** An error that Redis answered, such as `MOVED 12 127.0.0.1:7000`. */
export class RedisRefusal extends Error {
  override readonly name = "RedisRefusal";
}

/** A command as RESP, the protocol of Redis. */
export function commandBytes(words: readonly string[]): string {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return `*${words.length}\r\n${parts.join("")}`;
}

/** A reply, and where the bytes go on behind it. */
interface ReplyRead {
  readonly reply: RedisReply | RedisRefusal;
  readonly end: number;
}

/** Reads the reply in RESP2 that begins at `from`; `undefined` while it has not arrived whole. An error in a list stands for the list. */
export function readReply(bytes: Buffer, from: number): ReplyRead | undefined {
  const lineEnd = bytes.indexOf("\r\n", from);
  if (lineEnd < 0) return undefined;
  const rest = bytes.toString("utf8", from + 1, lineEnd);
  const end = lineEnd + 2;
  switch (String.fromCharCode(bytes[from]!)) {
    case "+":
      return { reply: rest, end };
    case ":":
      return { reply: Number(rest), end };
    case "-":
      return { reply: new RedisRefusal(rest), end };
    case "$":
      return readBulk(bytes, end, Number(rest));
    case "*":
      return readList(bytes, end, Number(rest));
    default:
      throw new Error(`not a reply of Redis: ${bytes.toString("utf8", from, lineEnd)}`);
  }
}

function readBulk(bytes: Buffer, from: number, length: number): ReplyRead | undefined {
  if (length < 0) return { reply: null, end: from };
  const end = from + length + 2;
  return bytes.length < end ? undefined : { reply: bytes.toString("utf8", from, end - 2), end };
}

function readList(bytes: Buffer, from: number, length: number): ReplyRead | undefined {
  if (length < 0) return { reply: null, end: from };
  const list: RedisReply[] = [];
  let refusal: RedisRefusal | undefined;
  let end = from;
  for (let at = 0; at < length; at++) {
    const read = readReply(bytes, end);
    if (!read) return undefined;
    if (read.reply instanceof RedisRefusal) refusal ??= read.reply;
    else list.push(read.reply);
    end = read.end;
  }
  return { reply: refusal ?? list, end };
}
