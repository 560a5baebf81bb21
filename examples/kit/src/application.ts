import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import type { Live } from "livecache";
import type { OperatedLive } from "livecache/operations";
import { attach } from "livecache/socket.io";
import { Server as SocketServer } from "socket.io";
import { listen, urlOf } from "./listen.ts";
import type { RunningServer } from "./run-server.ts";
import type { Settings } from "./settings.ts";

/** One of the demonstration's people, and how they sign in. */
export interface DemoPerson {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** Whoever plays the demonstration's people on a running server, to make life happen. */
export interface LifeParts {
  /** Where the application answers. */
  readonly url: string;
  /** Ends it: at the latest after the request under way. */
  readonly signal: AbortSignal;
  /** The same number plays the same life. */
  readonly seed: number;
  /** Told in a few words what somebody has just done: "Asha reported a leaking tap". */
  readonly onAct?: (words: string) => void;
}

/** An application of the demonstration, as its own process and the showcase run it. */
export interface Application {
  /** Its part of addresses, and its realm in Redis: `parts`. */
  readonly name: string;
  readonly title: string;
  /** What it is about, in one sentence. */
  readonly words: string;
  /** Those whom the showcase offers to be. */
  readonly people: readonly DemoPerson[];
  /** Opens one node, which does not listen yet. Rejects when the database cannot be opened. */
  open(settings: Settings): Promise<ApplicationNode>;
  /** Plays the people until the signal, at a pace that can be watched. What fails on the way is passed over. */
  life(parts: LifeParts): Promise<void>;
}

/** One node of an application. */
export interface ApplicationNode {
  /** Answers requests and sockets; whoever opened the node lets it listen. */
  readonly http: Server;
  readonly live: NodeLive;
  /** Lets running requests finish, then closes everything. Idempotent. */
  close(): Promise<void>;
}

/** What the applications' different nodes of Livecache have in common. */
export type NodeLive = Parameters<typeof attach>[0] &
  OperatedLive &
  Pick<Live, "status" | "onStatus" | "close">;

export interface NodeParts {
  readonly live: NodeLive;
  readonly handler: RequestListener;
  /** Closed last, in this order: what the node works with. */
  readonly closeAfter: readonly (() => Promise<void>)[];
  /** Closed first: what makes requests of its own. */
  readonly closeBefore?: () => Promise<void>;
}

/** Puts a node together: requests by the handler, sockets by Livecache, both on one server. */
export function openNode({ live, handler, closeAfter, closeBefore }: NodeParts): ApplicationNode {
  const http = createServer(handler);
  const io = new SocketServer(http, {
    serveClient: false,
    transports: ["websocket"],
    maxHttpBufferSize: 65_536,
  });
  attach(live, io);
  async function close(): Promise<void> {
    await closeBefore?.();
    await io.close(); // Stops listening as well, and ends every socket.
    await live.close();
    for (const closeOne of closeAfter) await closeOne();
  }
  let closed: Promise<void> | undefined;
  return { http, live, close: () => (closed ??= close()) };
}

/** Starts one node as a server of its own. It answers once this resolves. */
export async function startNode<S extends Settings>(
  application: { open(settings: S): Promise<ApplicationNode> },
  settings: S,
): Promise<RunningServer> {
  const { http, close } = await application.open(settings);
  try {
    await listen(http, settings.port);
  } catch (error) {
    await close();
    throw error;
  }
  return { url: urlOf(http), close };
}
