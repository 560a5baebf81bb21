import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import type { PGlite } from "@electric-sql/pglite";
import { createEmbedded } from "./embedded.ts";

/** One embedded database that several server processes reach by PostgreSQL's wire protocol. */
export interface SharedDatabase {
  /** What the processes get as `DATABASE_URL`. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Opens the embedded database in this process and lets others in, on this machine only. It is for trying several nodes
 * without installing PostgreSQL: the embedded database has one session, so connections take turns, a whole transaction
 * each, and settings made on one are seen by all.
 */
export async function shareDatabase(folder: string, port = 0): Promise<SharedDatabase> {
  const database = await createEmbedded(folder);
  const takeTurn = createTurns();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // A client that was killed resets its connection; "close" follows and frees its turn.
    socket.on("error", () => socket.destroy());
    converse(socket, database, takeTurn).catch((error: unknown) => {
      // Reading from a connection that its client has cut ends in an error; that is no news.
      if (!socket.destroyed) console.warn("shared database: a connection failed", error);
      socket.destroy();
    });
  });
  await listen(server, port);
  return {
    url: `postgres://postgres@127.0.0.1:${(server.address() as AddressInfo).port}/postgres`,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await database.close();
    },
  };
}

type TakeTurn = () => Promise<() => void>;

/** Hands out turns, first come first served. The returned function ends the turn. */
function createTurns(): TakeTurn {
  let last: Promise<void> = Promise.resolve();
  return async () => {
    const before = last;
    let end!: () => void;
    last = new Promise((resolve) => (end = resolve));
    await before;
    return end;
  };
}

async function converse(socket: Socket, database: PGlite, takeTurn: TakeTurn): Promise<void> {
  let endTurn: (() => void) | undefined;
  try {
    for await (const messages of readMessages(socket)) {
      endTurn ??= await takeTurn();
      const answer = await database.execProtocolRaw(messages);
      socket.write(answer);
      if (!isIdle(answer)) continue;
      endTurn();
      endTurn = undefined;
    }
  } finally {
    if (endTurn) await database.exec("rollback");
    endTurn?.();
  }
}

const SSL_REQUEST = 80_877_103;
const TERMINATE = "X".charCodeAt(0);

/** Cuts what a client sends into whole messages, and answers for the database that it speaks no TLS. */
async function* readMessages(socket: Socket): AsyncGenerator<Buffer> {
  let buffer: Buffer = Buffer.alloc(0);
  let lengthAt = 0; // Only the first message has no type byte before its length.
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    buffer = Buffer.concat([buffer, chunk]);
    let end = 0;
    let left = false;
    while (!left && buffer.length >= end + lengthAt + 4) {
      const next = end + lengthAt + buffer.readInt32BE(end + lengthAt);
      if (buffer.length < next) break;
      if (lengthAt === 0 && buffer.readInt32BE(4) === SSL_REQUEST) {
        socket.write("N");
        buffer = buffer.subarray(next);
        continue;
      }
      left = lengthAt === 1 && buffer[end] === TERMINATE;
      lengthAt = 1;
      if (!left) end = next;
    }
    if (end > 0) yield buffer.subarray(0, end);
    if (left) return;
    buffer = buffer.subarray(end);
  }
}

/** Whether an answer ends with "ready for query, in no transaction". */
function isIdle(answer: Uint8Array): boolean {
  return Buffer.from(answer.subarray(-6)).toString("latin1") === "Z\0\0\0\x05I";
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
}
