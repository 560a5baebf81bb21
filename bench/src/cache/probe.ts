import { createClient } from "redis";
import type { RedisProcess } from "@livecache/rig";

/** What another client of a Redis felt while something was done to it. */
export interface Felt<T> {
  readonly answer: T;
  /** Longest that one PING took, in milliseconds. */
  readonly longestWaitMs: number;
  /** Longest that Redis itself was busy with one command other than a search by cursor, in milliseconds. */
  readonly longestCommandMs: number;
}

/** The probe goes on for so long after the work, in case that the server still works at it. */
const AFTER_MS = 100;
/** Commands that are shorter are not written to the slow log. */
const LOGGED_FROM_US = 10;

/** Sends PINGs over a connection of its own, one after the other, while `work` runs. */
export async function probed<T>(redis: RedisProcess, work: () => Promise<T>): Promise<Felt<T>> {
  const client = await createClient({ url: redis.url }).connect();
  await client.sendCommand(["CONFIG", "SET", "slowlog-log-slower-than", `${LOGGED_FROM_US}`]);
  await client.sendCommand(["CONFIG", "SET", "slowlog-max-len", "20000"]);
  await client.sendCommand(["SLOWLOG", "RESET"]);
  let longestWaitMs = 0;
  let endsAtMs = Number.POSITIVE_INFINITY;
  async function ping(): Promise<void> {
    while (performance.now() < endsAtMs) {
      const sentAtMs = performance.now();
      await client.ping();
      longestWaitMs = Math.max(longestWaitMs, performance.now() - sentAtMs);
    }
  }
  const pinging = ping();
  try {
    const answer = await work();
    endsAtMs = performance.now() + AFTER_MS;
    await pinging;
    const log = (await client.sendCommand(["SLOWLOG", "GET", "-1"])) as unknown as readonly [
      number,
      number,
      number,
      readonly string[],
    ][];
    const times = log
      .filter(([, , , [command]]) => !ADMIN.has(command?.toUpperCase() ?? ""))
      .map(([, , us]) => us);
    return { answer, longestWaitMs, longestCommandMs: Math.max(LOGGED_FROM_US, ...times) / 1_000 };
  } finally {
    endsAtMs = 0;
    client.destroy();
  }
}

const ADMIN = new Set(["SLOWLOG", "CONFIG", "INFO", "HELLO", "CLIENT"]);
