import type { SocketRow } from "@livecache/wire";
import type { Channels } from "./channels.ts";
import type { Connection } from "./connection.ts";
import type { WatchIndex } from "./watch-index.ts";

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

/** Whose sockets are to be ended: one, or all of a user. */
export type DisconnectTarget = { readonly socketId: string } | { readonly userId: string };

/** A channel, and how many of a node are in it. */
export interface ChannelMembers {
  readonly channel: string;
  readonly members: number;
}

/** What operators see of one node's sockets, and do with them. Everything looks at each. */
export interface HubView {
  /** How many watched responses depend on one of the tags, and how many watch them. */
  dependingOn(tags: readonly string[]): { readonly queries: number; readonly watchers: number };
  /** Some sockets, those that were connected first first. */
  sockets(query: SocketQuery): SocketPage;
  /** Ends sockets with `LIVE_DISCONNECTED`; their clients connect again. Answers how many there were. */
  disconnect(target: DisconnectTarget): number;
  /** The channels with the most members. */
  busiest(limit: number): readonly ChannelMembers[];
}

/** What there is to be seen. */
export interface HubViewParts {
  readonly connections: ReadonlySet<Connection>;
  readonly channels: Pick<Channels, "names" | "membersOf">;
  readonly watches: Pick<WatchIndex, "dependingOn">;
}

/** Makes the view of one node. */
export function createHubView({ connections, channels, watches }: HubViewParts): HubView {
  return {
    dependingOn: (tags) => watches.dependingOn(tags),
    sockets({ search, limit }) {
      const sockets: SocketRow[] = [];
      let total = 0;
      for (const connection of connections) {
        const row = connection.describe();
        if (search !== "" && !fits(row, search)) continue;
        total++;
        if (sockets.length < limit) sockets.push(row);
      }
      return { total, sockets };
    },
    disconnect(target) {
      const found = [...connections].filter((connection) => isMeant(connection.describe(), target));
      for (const connection of found) connection.disconnect();
      return found.length;
    },
    busiest(limit) {
      const all = [...channels.names()].map((channel) => ({ channel, members: channels.membersOf(channel) }));
      return all.toSorted((a, b) => b.members - a.members).slice(0, limit);
    },
  };
}

function fits({ socketId, userId, address }: SocketRow, search: string): boolean {
  return [socketId, userId, address].some((text) => text?.includes(search) === true);
}

function isMeant({ socketId, userId }: SocketRow, target: DisconnectTarget): boolean {
  return "socketId" in target ? socketId === target.socketId : userId === target.userId;
}
