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

type SessionData = Readonly<Record<string, unknown>>;
type Naming = NonNullable<TakeOverOptions["userOf"]>;

/** Most functions that are asked whose a session is. */
const MAX_NAMINGS = 16;

/** Makes the reader of them. */
export function createForeign(
  store: Pick<SessionStore, "readForeign" | "limitForeign" | "create">,
  warn: (message: string, details?: Readonly<Record<string, unknown>>) => void,
): Foreign {
  let prefix: string | undefined;
  /** How the stores of this node name the user of a session. */
  const namings = new Set<Naming>();

  function userOf(data: SessionData): string | undefined {
    for (const naming of namings) {
      const userId = naming(data);
      if (userId === undefined) continue;
      checkUserId("takeOver: userOf", userId);
      return userId;
    }
    return undefined;
  }

  async function read(id: string): Promise<SessionRecord | undefined> {
    if (prefix === undefined) return undefined;
    const found = await store.readForeign(prefix + id);
    const fields = found && parse(found.json);
    if (!found) return undefined;
    if (!fields) {
      warn("a session of connect-redis cannot be read: it is passed over");
      return undefined;
    }
    const userId = userOf(toData(fields));
    const leftMs = Math.min(MAX_DURATION_MS, Math.max(1, found.leftMs ?? MAX_DURATION_MS));
    return foreignRecord(id, { fields, userId, leftMs });
  }

  return {
    begin(options) {
      refuseUnknown("takeOver", options, ["prefix", "userOf"]);
      const { prefix: given = "sess:", userOf: naming } = options;
      if (typeof given !== "string" || given === "") {
        throw invalidOption("takeOver: prefix", "a text", given);
      }
      if (naming !== undefined && typeof naming !== "function") {
        throw invalidOption("takeOver: userOf", "a function", naming);
      }
      if (prefix !== undefined && prefix !== given) {
        throw invalidOption("takeOver: prefix", `${JSON.stringify(prefix)}, as it was called before`, given);
      }
      if (naming && !namings.has(naming) && namings.size >= MAX_NAMINGS) {
        throw invalidOption("takeOver: userOf", `one of the ${MAX_NAMINGS} functions given before`, naming);
      }
      prefix = given;
      if (naming) namings.add(naming);
    },
    read,
    async take(id, idleMs) {
      const found = await read(id);
      if (!found || prefix === undefined) return false;
      const { fields, userId, leftMs } = found;
      const lifeMs = idleMs ?? leftMs;
      const life = { idleMs: lifeMs, absoluteMs: undefined, isForeign: true };
      const { state } = await store.create({ id, fields, userId, ...life });
      if (state === "created") await store.limitForeign(prefix + id, lifeMs);
      return state !== "ended";
    },
    async remove(id) {
      if (prefix !== undefined) await store.limitForeign(prefix + id, 0);
    },
  };
}

/** `undefined` for what is no object, or no session that could be kept. */
function parse(json: string): readonly SessionField[] | undefined {
  try {
    const value = JSON.parse(json) as SessionData;
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
