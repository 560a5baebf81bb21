import { LiveError } from "@livecache/wire";
import { invalidOption, refuseUnknown } from "../base/check.ts";
import { MAX_DURATION_MS } from "../base/duration.ts";
import type { SessionField, SessionRecord, SessionStore } from "../ports/session-store.ts";
import { checkUserId, readFields, toData } from "./read-input.ts";
import type { TakeOverOptions } from "./session-api.ts";

/** Sessions that connect-redis wrote. Before {@link Foreign.begin} there are none. */
export interface Foreign {
  begin(options: TakeOverOptions): void;
  /** One that is not ours yet, with version 0. */
  read(id: string): Promise<SessionRecord | undefined>;
  /** Makes it ours if it is there, with version 1; the other lives no longer than ours. */
  take(id: string, idleMs: number | undefined): Promise<boolean>;
  /** Removes it, before ours is ended: nothing may come back when that is forgotten. */
  remove(id: string): Promise<void>;
}

/** Makes the reader of them. */
export function createForeign(
  store: Pick<SessionStore, "readForeign" | "limitForeign" | "create">,
  warn: (message: string, details?: Readonly<Record<string, unknown>>) => void,
): Foreign {
  let options: (Required<Pick<TakeOverOptions, "prefix">> & TakeOverOptions) | undefined;

  async function read(id: string): Promise<SessionRecord | undefined> {
    if (!options) return undefined;
    const found = await store.readForeign(options.prefix + id);
    const fields = found && parse(found.json);
    if (!found) return undefined;
    if (!fields) {
      warn("a session of connect-redis cannot be read: it is passed over");
      return undefined;
    }
    const userId = options.userOf?.(toData(fields));
    if (userId !== undefined) checkUserId("takeOver: userOf", userId);
    const leftMs = Math.min(MAX_DURATION_MS, Math.max(1, found.leftMs ?? MAX_DURATION_MS));
    return foreignRecord(id, { fields, userId, leftMs });
  }

  return {
    begin(given) {
      refuseUnknown("takeOver", given, ["prefix", "userOf"]);
      const { prefix = "sess:", userOf } = given;
      if (typeof prefix !== "string" || prefix === "")
        throw invalidOption("takeOver: prefix", "a text", prefix);
      if (userOf !== undefined && typeof userOf !== "function") {
        throw invalidOption("takeOver: userOf", "a function", userOf);
      }
      if (options && (options.prefix !== prefix || options.userOf !== userOf)) {
        throw new LiveError("LIVE_OPTIONS_INVALID", "takeOver: it was called before with other options.");
      }
      options = { prefix, ...(userOf ? { userOf } : {}) };
    },
    read,
    async take(id, idleMs) {
      const found = await read(id);
      if (!found || !options) return false;
      const { fields, userId, leftMs } = found;
      const lifeMs = idleMs ?? leftMs;
      const life = { idleMs: lifeMs, absoluteMs: undefined, isForeign: true };
      const { state } = await store.create({ id, fields, userId, ...life });
      if (state === "created") await store.limitForeign(options.prefix + id, lifeMs);
      return state !== "ended";
    },
    async remove(id) {
      if (options) await store.limitForeign(options.prefix + id, 0);
    },
  };
}

/** `undefined` for what is no object, or no session that could be kept. */
function parse(json: string): readonly SessionField[] | undefined {
  try {
    const value = JSON.parse(json) as Readonly<Record<string, unknown>>;
    return readFields("session", value).set;
  } catch {
    return undefined;
  }
}

/** When it was created nobody knows. */
function foreignRecord(
  id: string,
  { fields, userId, leftMs }: Pick<SessionRecord, "fields" | "userId" | "leftMs">,
): SessionRecord {
  const times = { createdAtMs: 0, seenAtMs: 0, idleMs: leftMs, expiresAtMs: 0, endsAtMs: undefined, leftMs };
  return { id, fields, userId, version: 0, ...times, isReplaced: false };
}
