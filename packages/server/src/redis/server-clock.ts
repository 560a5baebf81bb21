import type { Clock } from "../base/clock.ts";
import type { Send } from "./wire.ts";

/** What this process knows of the clock of the servers. */
export interface ServerClock {
  /** A server said `serverMs` in answer to a question that was sent at `askedAtMs` of the injected clock. */
  note(serverMs: number, askedAtMs: number, server?: string): void;
  /** A server is not asked any more. */
  forget(server: string): void;
  /**
   * The server's time in milliseconds since 1970: never behind it, and ahead by at most what the last answer took. So what
   * expires on the server's clock is never used too late. Of several servers the one that is furthest ahead counts.
   */
  latestMs(): number;
}

/** Makes an estimate that knows nothing yet; until the first note everything counts as expired. */
export function createServerClock(clock: Clock): ServerClock {
  const ahead = new Map<string, number>();
  let aheadMs = Number.POSITIVE_INFINITY;
  return {
    note(serverMs, askedAtMs, server = "") {
      ahead.set(server, serverMs - askedAtMs);
      aheadMs = ahead.size === 1 ? serverMs - askedAtMs : Math.max(...ahead.values());
    },
    forget(server) {
      ahead.delete(server);
      aheadMs = ahead.size === 0 ? Number.POSITIVE_INFINITY : Math.max(...ahead.values());
    },
    latestMs: () => clock.now() + aheadMs,
  };
}

/** Asks a server for its time. Rejects as `send` does. */
export async function noteTime(parts: {
  readonly serverClock: ServerClock;
  readonly clock: Clock;
  readonly send: Send;
  readonly server?: string;
}): Promise<void> {
  const askedAtMs = parts.clock.now();
  const [seconds, microseconds] = (await parts.send(["TIME"])) as readonly [string, string];
  const serverMs = Number(seconds) * 1_000 + Number(microseconds) / 1_000;
  parts.serverClock.note(serverMs, askedAtMs, parts.server);
}
