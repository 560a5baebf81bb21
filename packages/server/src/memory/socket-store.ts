import type { Clock } from "../base/clock.ts";
import { HEARTBEAT_TTL_MS, SOCKET_TTL_MS } from "../ports/socket-store.ts";
import type { SocketRecord, SocketStore } from "../ports/socket-store.ts";

interface Kept<T> {
  readonly value: T;
  readonly untilMs: number;
}

/** The socket store of one realm, in this process. */
export function createMemorySocketStore(clock: Clock, guard: () => void): SocketStore {
  const records = new Map<string, Kept<SocketRecord>>();
  const beats = new Map<string, Kept<string>>();
  const byUser = new Map<string, Set<string>>();

  function get(socketId: string): SocketRecord | undefined {
    const kept = records.get(socketId);
    return kept && kept.untilMs > clock.now() ? kept.value : undefined;
  }

  function forget(socketId: string, userId: string | null): void {
    records.delete(socketId);
    beats.delete(socketId);
    const ids = userId === null ? undefined : byUser.get(userId);
    if (ids?.delete(socketId) && ids.size === 0) byUser.delete(userId!);
  }

  return {
    async put(written) {
      guard();
      for (const value of written) {
        // What was written last stands last, so that what has ended stands first.
        records.delete(value.socketId);
        records.set(value.socketId, { value, untilMs: clock.now() + SOCKET_TTL_MS });
        if (value.userId === null) continue;
        const ids = byUser.get(value.userId) ?? new Set();
        byUser.set(value.userId, ids.add(value.socketId));
      }
      for (const [socketId, { value, untilMs }] of records) {
        if (untilMs > clock.now()) break;
        forget(socketId, value.userId);
      }
    },
    async remove(sockets) {
      guard();
      for (const { socketId, userId } of sockets) forget(socketId, userId);
    },
    async beat(heard) {
      guard();
      for (const { socketId, at } of heard) {
        beats.delete(socketId);
        beats.set(socketId, { value: at, untilMs: clock.now() + HEARTBEAT_TTL_MS });
      }
      for (const [socketId, { untilMs }] of beats) {
        if (untilMs > clock.now()) break;
        beats.delete(socketId);
      }
    },
    async get(socketId) {
      guard();
      return get(socketId);
    },
    async heartbeat(socketId) {
      guard();
      const kept = beats.get(socketId);
      return kept && kept.untilMs > clock.now() ? kept.value : undefined;
    },
    async of(userId) {
      guard();
      const found = [...(byUser.get(userId) ?? [])]
        .flatMap((id) => get(id) ?? [])
        .filter((record) => record.userId === userId);
      return found.sort(byAge);
    },
  };
}

function byAge(a: SocketRecord, b: SocketRecord): number {
  return a.connectedAt.localeCompare(b.connectedAt) || a.socketId.localeCompare(b.socketId);
}
