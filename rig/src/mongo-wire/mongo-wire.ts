import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { createChangeStreams } from "./change-streams.ts";
import { nameOf, runCommand } from "./commands.ts";
import { createReader, reply } from "./frames.ts";
import type { Command } from "./frames.ts";
import { Refusal } from "./refusal.ts";
import { createStore } from "./store.ts";

/** A failure that is to happen instead of an answer: as `failCommand` of a real server. */
export interface CommandFailure {
  /** Commands that fail, such as `["getMore"]`. */
  readonly commands: readonly string[];
  /** How often. Default: 1. */
  readonly times?: number;
  /** MongoDB's code, and its name: otherwise the connection is closed instead of an answer. */
  readonly error?: { readonly code: number; readonly name: string; readonly labels?: readonly string[] };
}

/**
 * A small server that speaks MongoDB's wire protocol over an in-memory store: enough for the official driver to write, and to
 * follow change streams with their tokens, lookups and endings. It is no MongoDB: what only that can tell is tried with a real one.
 */
export interface MongoWire {
  readonly url: string;
  readonly port: number;
  /** Makes the next commands of a kind fail. */
  fail(failure: CommandFailure): void;
  /** Resets every connection; new ones are served. */
  dropConnections(): void;
  /** Connections stay open, and nothing answers. */
  freeze(): void;
  /** Answers what it was asked meanwhile. */
  thaw(): void;
  /** Forgets what has happened so far: tokens from before are of no use any more. */
  loseHistory(): void;
  /** The events that are read next are handed over, and then once more. */
  duplicate(): void;
  /** Resets connections and refuses new ones until {@link MongoWire.start}. What is stored is kept. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** How many commands of a kind were asked for so far. */
  asked(command: string): number;
  /** Ends it. Idempotent. */
  close(): Promise<void>;
}

/** Starts a server on a free port of the loopback address. */
export async function startMongoWire(): Promise<MongoWire> {
  const store = createStore();
  const streams = createChangeStreams(store);
  const sockets = new Set<Socket>();
  const counts = new Map<string, number>();
  let failures: (CommandFailure & { left: number })[] = [];
  let frozen: { readonly over: Promise<void>; readonly end: () => void } | undefined;
  let port = 0;

  function failureOf(name: string): CommandFailure | undefined {
    const failure = failures.find(({ commands, left }) => left > 0 && commands.includes(name));
    if (failure) failure.left -= 1;
    failures = failures.filter(({ left }) => left > 0);
    return failure;
  }

  async function serve(command: Command, socket: Socket): Promise<void> {
    const name = nameOf(command.body);
    counts.set(name, (counts.get(name) ?? 0) + 1);
    await frozen?.over;
    const failure = failureOf(name);
    if (failure && !failure.error) return void socket.destroy();
    const answer = failure?.error
      ? refusalOf(failure.error).toReply()
      : await runCommand(command.body, { store, streams, port });
    await frozen?.over;
    if (command.wantsReply && socket.writable) socket.write(reply(command, answer));
  }

  function accept(socket: Socket): void {
    const read = createReader();
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => sockets.delete(socket));
    socket.on("data", (piece) => {
      try {
        for (const command of read(piece)) void serve(command, socket);
      } catch {
        socket.destroy();
      }
    });
  }

  const dropConnections = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  let server: Server | undefined;
  const start = async (): Promise<void> => {
    server ??= await listen(accept, port);
    port = (server.address() as AddressInfo).port;
  };
  const stop = async (): Promise<void> => {
    const ending = server;
    server = undefined;
    dropConnections();
    if (ending) await new Promise((resolve) => ending.close(resolve));
  };
  const thaw = (): void => {
    frozen?.end();
    frozen = undefined;
  };

  await start();
  return {
    url: `mongodb://127.0.0.1:${port}/?replicaSet=rs0`,
    port,
    fail: (failure) => void failures.push({ ...failure, left: failure.times ?? 1 }),
    dropConnections,
    freeze: () => void (frozen ??= hold()),
    thaw,
    loseHistory: () => store.oplog.trim(),
    duplicate: () => streams.duplicate(),
    stop,
    start,
    asked: (command) => counts.get(command) ?? 0,
    async close() {
      thaw();
      await stop();
    },
  };
}

function refusalOf({ code, name, labels }: NonNullable<CommandFailure["error"]>): Refusal {
  return new Refusal([code, name], "told to fail", labels);
}

function listen(accept: (socket: Socket) => void, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ noDelay: true }, accept);
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

function hold(): { readonly over: Promise<void>; readonly end: () => void } {
  let end = (): void => undefined;
  const over = new Promise<void>((resolve) => (end = resolve));
  return { over, end };
}
