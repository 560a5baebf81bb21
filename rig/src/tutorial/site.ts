import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Express } from "express";
import { startRedis } from "../redis-process.ts";
import type { RedisProcess } from "../redis-process.ts";

/** A Redis for one side of one case, and whatever stands on it. */
export interface Site {
  readonly redis: RedisProcess;
  /** How long something that never ends is watched. */
  readonly patienceMs: number;
  /** Has something ended with the site, the last first. */
  defer(end: () => unknown): void;
}

/** Runs something on a Redis of its own. */
export async function onSite<T>(patienceMs: number, run: (site: Site) => Promise<T>): Promise<T> {
  const redis = await startRedis();
  const ends: (() => unknown)[] = [() => redis.close()];
  try {
    return await run({ redis, patienceMs, defer: (end) => void ends.push(end) });
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

/** Listens on a free port; answers the address. */
export async function listen(site: Site, http: Server): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    http.once("error", reject);
    http.listen(0, "127.0.0.1", resolve);
  });
  site.defer(() => {
    http.closeAllConnections();
    http.close();
  });
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

/** Serves an application; answers its address. */
export function serve(site: Site, app: Express): Promise<string> {
  return listen(site, createServer(app));
}

/** An answer as JSON. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Asks for JSON. */
export async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  return { status: response.status, body: text === "" ? {} : (JSON.parse(text) as Answer["body"]) };
}

/** Holds one request until the case lets it go on. */
export interface Latch {
  /** Resolves when somebody has come. */
  readonly entered: Promise<void>;
  /** Comes, and waits until the latch is opened. */
  pass(): Promise<void>;
  open(): void;
}

/** Makes a latch that is shut. */
export function openLatch(): Latch {
  let open = (): void => undefined;
  let enter = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const entered = new Promise<void>((resolve) => (enter = resolve));
  return {
    entered,
    pass() {
      enter();
      return opened;
    },
    open: () => open(),
  };
}
