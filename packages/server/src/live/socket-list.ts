import type { SocketRow } from "@livecache/wire";
import type { Connection } from "./connection.ts";

/** Which sockets: all, or those in whose id, user or address the text stands. */
export interface SocketQuery {
  readonly search: string;
  readonly limit: number;
}

/** Some of the sockets of one node. */
export interface SocketPage {
  /** How many fit, listed or not. */
  readonly total: number;
  readonly sockets: readonly SocketRow[];
}

/** Lists sockets, those that were connected first first. Looks at each. */
export function listSockets(connections: Iterable<Connection>, { search, limit }: SocketQuery): SocketPage {
  const sockets: SocketRow[] = [];
  let total = 0;
  for (const connection of connections) {
    const row = connection.describe();
    if (search !== "" && !fits(row, search)) continue;
    total++;
    if (sockets.length < limit) sockets.push(row);
  }
  return { total, sockets };
}

function fits({ socketId, userId, address }: SocketRow, search: string): boolean {
  return [socketId, userId, address].some((text) => text?.includes(search) === true);
}

/** Whose sockets are to be ended: one, or all of a user. */
export type DisconnectTarget = { readonly socketId: string } | { readonly userId: string };

/** Ends sockets for good reasons that an operator has; their clients connect again. Answers how many there were. */
export function disconnectSockets(connections: Iterable<Connection>, target: DisconnectTarget): number {
  const found = [...connections].filter((connection) => {
    const { socketId, userId } = connection.describe();
    return "socketId" in target ? socketId === target.socketId : userId === target.userId;
  });
  for (const connection of found) connection.disconnect();
  return found.length;
}
