import { deserialize, serialize } from "bson";
import type { Document } from "bson";

/**
 * The messages of the MongoDB wire protocol that a driver of today sends: `OP_MSG`, and `OP_QUERY` for the very first hello.
 * Source: https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/
 */
const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;

const HEADER_BYTES = 16;
/** What a server of today accepts. */
const MAX_MESSAGE_BYTES = 48_000_000;
/** Flag of an OP_MSG: nobody waits for a reply. */
const MORE_TO_COME = 2;

/** A command that a driver has sent. */
export interface Command {
  readonly requestId: number;
  readonly opCode: number;
  /** Its first field is the command's name; `$db` says where. */
  readonly body: Document;
  readonly wantsReply: boolean;
}

/** Cuts what a connection sends into commands. Call it with each piece; it answers those that are complete. */
export function createReader(): (piece: Buffer) => Command[] {
  let held: Buffer = Buffer.alloc(0);
  return (piece) => {
    held = held.length === 0 ? piece : Buffer.concat([held, piece]);
    const commands: Command[] = [];
    while (held.length >= HEADER_BYTES) {
      const length = held.readInt32LE(0);
      if (length < HEADER_BYTES || length > MAX_MESSAGE_BYTES)
        throw new Error(`a message of ${length} bytes`);
      if (held.length < length) break;
      commands.push(readCommand(held.subarray(0, length)));
      held = held.subarray(length);
    }
    return commands;
  };
}

/** The bytes that answer a command. */
export function reply({ requestId, opCode }: Command, body: Document): Buffer {
  const document = serialize(body, { ignoreUndefined: true });
  const isMessage = opCode === OP_MSG;
  // An OP_MSG has flags and the kind of its section; an OP_REPLY flags, a cursor, where it starts and how many follow.
  const before = Buffer.alloc(isMessage ? 5 : 20);
  if (!isMessage) before.writeInt32LE(1, 16);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeInt32LE(HEADER_BYTES + before.length + document.length, 0);
  header.writeInt32LE(requestId, 8);
  header.writeInt32LE(isMessage ? OP_MSG : OP_REPLY, 12);
  return Buffer.concat([header, before, document]);
}

function readCommand(message: Buffer): Command {
  const requestId = message.readInt32LE(4);
  const opCode = message.readInt32LE(12);
  if (opCode === OP_QUERY) return { requestId, opCode, body: readQuery(message), wantsReply: true };
  if (opCode !== OP_MSG) throw new Error(`a message with the code ${opCode}`);
  const wantsReply = (message.readUInt32LE(HEADER_BYTES) & MORE_TO_COME) === 0;
  return { requestId, opCode, body: readSections(message.subarray(HEADER_BYTES + 4)), wantsReply };
}

/** Flags, the name of a collection, two numbers, then the document. */
function readQuery(message: Buffer): Document {
  const nameEnd = message.indexOf(0, HEADER_BYTES + 4);
  return readDocument(message, nameEnd + 9);
}

/** A body, and lists of documents that were kept out of it. */
function readSections(sections: Buffer): Document {
  const body: Document = {};
  for (let at = 0; at < sections.length;) {
    const kind = sections[at];
    const length = sections.readInt32LE(at + 1);
    if (kind === 0) Object.assign(body, readDocument(sections, at + 1));
    else Object.assign(body, readSequence(sections.subarray(at + 5, at + 1 + length)));
    at += 1 + length;
  }
  return body;
}

function readSequence(sequence: Buffer): Document {
  const nameEnd = sequence.indexOf(0);
  const documents: Document[] = [];
  for (let at = nameEnd + 1; at < sequence.length; at += sequence.readInt32LE(at)) {
    documents.push(readDocument(sequence, at));
  }
  return { [sequence.toString("utf8", 0, nameEnd)]: documents };
}

function readDocument(bytes: Buffer, at: number): Document {
  return deserialize(bytes.subarray(at, at + bytes.readInt32LE(at)));
}
