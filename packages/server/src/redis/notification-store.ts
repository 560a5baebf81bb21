import { parseCursor } from "@livecache/wire";
import { randomWord } from "../base/ids.ts";
import type { KeptNote, NotificationStore } from "../ports/notification-store.ts";
import { CHANNEL_TTL_MS } from "./channel-reads.ts";
import { damaged } from "./failure.ts";
import type { Keyspace } from "./keyspace.ts";
import { runScript } from "./run-script.ts";
import type { Send } from "./wire.ts";

/** What is kept for users, in Redis; `append` writes it. */
export function createRedisNotificationStore({
  keyspace,
  send,
}: {
  readonly keyspace: Keyspace;
  readonly send: Send;
}): NotificationStore {
  const { head, log } = keyspace;
  return {
    async page(userId, { channel, before = "", limit }) {
      const reply = (await runScript(send, "notes", {
        keys: [head, log, keyspace.channel(channel), keyspace.notes(userId), keyspace.unread(userId)],
        args: [randomWord(8), CHANNEL_TTL_MS, before, limit],
      })) as readonly unknown[];
      const [stands, unread, next, ...fields] = reply;
      const cursor = parseCursor(stands);
      if (!cursor || typeof unread !== "number") throw damaged("notes", reply);
      return { cursor, unread, next: next === "" ? undefined : String(next), notes: readNotes(fields) };
    },
    async unread(userId) {
      return Number(
        await runScript(send, "unread", { keys: [keyspace.notes(userId), keyspace.unread(userId)] }),
      );
    },
  };
}

function readNotes(fields: readonly unknown[]): KeptNote[] {
  const notes: KeptNote[] = [];
  for (let index = 0; index < fields.length; index += 3) {
    const [id, body, read] = fields.slice(index, index + 3);
    if (typeof id !== "string" || typeof body !== "string") throw damaged("notes", id);
    notes.push({ id, body, read: read === 1 });
  }
  return notes;
}
