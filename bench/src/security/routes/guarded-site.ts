import type { Server } from "node:http";
import type { RequestHandler } from "express";
import { listening } from "../../realtime/sites/listening.ts";

/** What a request shows: a cookie of a session, or a token. */
export type Shows = Readonly<Record<string, string>>;

/** A server whose route `/item` knows who asks, and how often. */
export interface GuardedSite {
  readonly port: number;
  /** Headers of somebody who is let in. */
  admitted(): Promise<Shows>;
  /** Headers of somebody whose token is revoked, or whose session has ended; absent where nobody is turned away. */
  refused?(): Promise<Shows>;
  close(): Promise<void>;
}

/** Opens one way of guarding the route. */
export type OpenGuarded = (redisUrl: string) => Promise<GuardedSite>;

/** What every contestant's handler does. */
export const answerItem: RequestHandler = (_request, response) => void response.json({ item: 1 });

/** So many requests of one user in an hour: more than any run makes. */
export const AMPLE = 1_000_000;
export const WINDOW_S = 3_600;
export const USER = "user-1";

/** Listens, and closes what stands behind the server. */
export async function listeningSite(
  server: Server,
  rest: Omit<GuardedSite, "port" | "close"> & { readonly end: () => Promise<unknown> | void },
): Promise<GuardedSite> {
  const { end, ...others } = rest;
  return {
    ...others,
    port: await listening(server, 0),
    async close() {
      server.closeAllConnections();
      server.close();
      await end();
    },
  };
}

/** Asks the server's own route that signs in, or ends a session, and answers the cookie. */
export async function cookieOf(port: number, path: string, shown: Shows = {}): Promise<Shows> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", headers: shown });
  if (response.status !== 200) throw new Error(`void: ${path} was answered ${response.status}`);
  const [set] = response.headers.getSetCookie();
  return set === undefined ? shown : { cookie: set.split(";")[0]! };
}
