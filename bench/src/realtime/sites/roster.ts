import type { Site, SiteSetting } from "./site.ts";
import type { openSocketIo } from "./socket-io.ts";

/** How a contestant is opened, and what it can do. */
interface Contestant {
  /** Nothing of it is loaded before: a process has only its own contestant's code. */
  readonly open: (setting: SiteSetting) => Promise<Site>;
  /** Its nodes do not know of each other, so there is only one. */
  readonly isAlone?: boolean;
  /** What its clients speak. */
  readonly dialect: "socket.io" | "raw";
}

const livecache = async (setting: SiteSetting): Promise<Site> =>
  (await import("./livecache.ts")).openLivecache(setting);
const livecachePush = async (setting: SiteSetting): Promise<Site> =>
  (await import("./livecache.ts")).openLivecachePush(setting);
const livecacheInMemory = async (setting: SiteSetting): Promise<Site> =>
  (await import("./livecache.ts")).openLivecacheInMemory(setting);
const rawWs = async (setting: SiteSetting): Promise<Site> => (await import("./raw-ws.ts")).openRawWs(setting);
const socketIo =
  (joint: Parameters<typeof openSocketIo>[0]) =>
  async (setting: SiteSetting): Promise<Site> =>
    (await import("./socket-io.ts")).openSocketIo(joint)(setting);

/** Everybody, under the name that the tables have. */
export const CONTESTANTS = {
  livecache: { open: livecache, dialect: "socket.io" },
  "livecache (push)": { open: livecachePush, dialect: "socket.io" },
  "livecache (no Redis)": { open: livecacheInMemory, dialect: "socket.io", isAlone: true },
  "socket.io (no Redis)": { open: socketIo("alone"), dialect: "socket.io", isAlone: true },
  "redis-adapter": { open: socketIo("redis-adapter"), dialect: "socket.io" },
  "sharded adapter": { open: socketIo("sharded"), dialect: "socket.io" },
  "streams adapter": { open: socketIo("streams"), dialect: "socket.io" },
  "raw ws": { open: rawWs, dialect: "raw" },
} as const satisfies Readonly<Record<string, Contestant>>;

/** The name of a contestant. */
export type ContestantName = keyof typeof CONTESTANTS;

/** The same, seen as what all of them have. */
export function contestantOf(name: ContestantName): Contestant {
  return CONTESTANTS[name];
}
