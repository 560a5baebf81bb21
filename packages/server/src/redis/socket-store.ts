import { HEARTBEAT_TTL_MS, SOCKET_TTL_MS } from "../ports/socket-store.ts";
import type { SocketRecord, SocketStore } from "../ports/socket-store.ts";
import type { Keyspace } from "./keyspace.ts";
import type { Send } from "./wire.ts";

/** Makes the socket store of one realm, in Redis. Each key is written by one plain command, so that `redis-cli` shows all there is to know. */
export function createRedisSocketStore({
  keyspace,
  send,
}: {
  readonly keyspace: Keyspace;
  readonly send: Send;
}): SocketStore {
  async function read(ids: readonly string[]): Promise<(SocketRecord | undefined)[]> {
    const texts = await Promise.all(ids.map((id) => send(["GET", keyspace.socket(id)])));
    return texts.map(readRecord);
  }

  return {
    async put(records) {
      const users = new Map<string, string[]>();
      for (const { userId, socketId } of records) {
        if (userId !== null) users.set(userId, [...(users.get(userId) ?? []), socketId]);
      }
      const lists = [...users].flatMap(([userId, ids]) => [
        send(["SADD", keyspace.socketsOf(userId), ...ids]),
        send(["PEXPIRE", keyspace.socketsOf(userId), `${SOCKET_TTL_MS}`]),
      ]);
      const texts = records.map((record) =>
        send(["SET", keyspace.socket(record.socketId), JSON.stringify(record), "PX", `${SOCKET_TTL_MS}`]),
      );
      await Promise.all([...lists, ...texts]);
    },
    async remove(sockets) {
      await Promise.all(
        sockets.flatMap(({ socketId, userId }) => [
          ...[keyspace.socket(socketId), keyspace.heartbeat(socketId)].map((key) => send(["DEL", key])),
          ...(userId === null ? [] : [send(["SREM", keyspace.socketsOf(userId), socketId])]),
        ]),
      );
    },
    async beat(beats) {
      await Promise.all(
        beats.map(({ socketId, at }) =>
          send(["SET", keyspace.heartbeat(socketId), at, "PX", `${HEARTBEAT_TTL_MS}`]),
        ),
      );
    },
    async get(socketId) {
      const [record] = await read([socketId]);
      return record;
    },
    async heartbeat(socketId) {
      const text = await send(["GET", keyspace.heartbeat(socketId)]);
      return typeof text === "string" ? text : undefined;
    },
    async of(userId) {
      const key = keyspace.socketsOf(userId);
      const ids = [...((await send(["SMEMBERS", key])) as Iterable<string>)];
      const records = await read(ids);
      const lost = ids.filter((_, index) => records[index]?.userId !== userId);
      if (lost.length > 0) await send(["SREM", key, ...lost]);
      return records.flatMap((record) => (record?.userId === userId ? [record] : [])).sort(byAge);
    },
  };
}

/** A record, or nothing where something else stands. */
function readRecord(text: unknown): SocketRecord | undefined {
  if (typeof text !== "string") return undefined;
  try {
    const record = JSON.parse(text) as Partial<SocketRecord> | null;
    return typeof record?.socketId === "string" ? (record as SocketRecord) : undefined;
  } catch {
    return undefined;
  }
}

function byAge(a: SocketRecord, b: SocketRecord): number {
  return a.connectedAt.localeCompare(b.connectedAt) || a.socketId.localeCompare(b.socketId);
}
