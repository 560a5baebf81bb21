import type { Store } from "express-session";

/** A store of sessions under test, behind the contract of express-session. */
export interface SessionSide {
  readonly store: Store;
  /** Ends every session of a user. */
  signOut(userId: string): Promise<unknown>;
  close(): Promise<void>;
}

/** Opens the sessions of one node. */
export type OpenSessions = (redisUrl: string) => Promise<SessionSide>;

/** How long sessions live: longer than any run. */
export const LIFETIME_MS = 24 * 3_600_000;

/** What a session of the benchmark holds: some 700 bytes, as a shop or an office has them. */
export function sessionData(userId: string): Record<string, unknown> {
  return {
    userId,
    roles: ["member", "editor"],
    csrf: "b1946ac92492d2347c6235b4d2611184",
    basket: Array.from({ length: 8 }, (_, index) => ({
      id: 1_000 + index,
      title: `An item of the shop, no. ${index}`,
      count: 1,
    })),
    preferences: { language: "de", theme: "dark", pageSize: 50 },
    visits: 0,
  };
}
