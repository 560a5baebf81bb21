import { LiveError, isLiveError } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import type { SaveReply, SaveSession, Sessions } from "../sessions/session-api.ts";
import { isSameCookie, lifeOf, shownCookie } from "./session-life.ts";
import type { ResolvedStoreOptions } from "./session-options.ts";

/** The parts of an instance that sessions of a web framework need. */
export interface SessionHost {
  readonly sessions: Sessions;
  readonly door: {
    readonly clock: Clock;
    readonly warn: (message: string, details?: Readonly<Record<string, unknown>>) => void;
  };
}

/** What a request knows of the session it works on: as it was when it was read, or last saved. */
export interface SessionBase {
  readonly id: string;
  readonly version: number;
  /** Whose it is by its data. */
  readonly userId: string | undefined;
  /** JSON of each property. */
  readonly fields: ReadonlyMap<string, string>;
  /** There is no sense in saving it, or in saying that it is in use. */
  readonly isFixed: boolean;
}

/** A session as a framework keeps it, and what is remembered of it. */
export interface ReadSession {
  readonly data: Record<string, unknown>;
  readonly base: SessionBase;
}

/** Who a session is for, once somebody signs in. */
export interface SignInStep {
  readonly oldId: string;
  readonly newId: string;
  readonly userId: string;
  readonly session: object;
}

type Fields = Readonly<Record<string, unknown>>;
type Base = SessionBase | undefined;

/** Sessions of an instance as frameworks read and save them: whole, at the begin and at the end of a request. */
export class SessionSaves {
  readonly #host: SessionHost;
  readonly #options: ResolvedStoreOptions;
  #hasWarned = false;

  constructor(host: SessionHost, options: ResolvedStoreOptions) {
    this.#host = host;
    this.#options = options;
    if (options.takeOver) host.sessions.takeOver(options.takeOver);
  }

  async read(id: string): Promise<ReadSession | undefined> {
    const stored = await this.#host.sessions.read(id);
    if (!stored) return undefined;
    const fields = fieldsOf(stored.data);
    const data: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(stored.data)) {
      if (name !== "__proto__") data[name] = value;
    }
    // A session that an application made by itself has none: it is given one. Where the framework's was taken away, that is an error of the framework's.
    if (data["cookie"] === null) delete data["cookie"];
    else data["cookie"] = shownCookie(data["cookie"], stored.seenAtMs);
    const { version, isCopy, isReplaced } = stored;
    const userId = this.#options.userOf(data);
    return { data, base: { id, version, userId, fields, isFixed: isCopy || isReplaced } };
  }

  /** Saves what has changed since `base`; without one, creates. Answers the new base; `undefined` when there is no such session any more. */
  async save(id: string, session: object, base: Base): Promise<Base> {
    const idleMs = this.#lifeOf(session);
    if (idleMs <= 0) {
      await this.#host.sessions.end(id);
      return undefined;
    }
    return base?.id === id ? this.#saveOver(session, base) : this.#create(id, session);
  }

  /** Says that a session is in use. Never rejects for the ground's sake: the session is as it was, with some of its time gone. */
  async touch(id: string, session: object, base: Base): Promise<void> {
    if (base?.isFixed) return;
    const { sessions, door } = this.#host;
    const idleMs = this.#lifeOf(session);
    try {
      if (idleMs <= 0) await sessions.end(id);
      else await sessions.touch(id, idleMs, { budget: this.#options.touchBudget });
    } catch (error) {
      if (!isLiveError(error) || !error.retryable) throw error;
      door.warn("a session's use was not noted", { code: error.code });
    }
  }

  /** Ends a session. */
  async end(id: string): Promise<void> {
    await this.#host.sessions.end(id);
  }

  /** Puts a session in the place of another one, which it takes over nothing from. */
  async replace({ oldId, newId, userId, session }: SignInStep): Promise<SessionBase> {
    const { sessions } = this.#host;
    const { absoluteMs } = this.#options;
    const idleMs = Math.max(1, this.#lifeOf(session));
    const data = ownFields(session);
    const rotated = await sessions.rotate(oldId, newId, {
      carry: false,
      set: data,
      userId,
      idleMs,
      absoluteMs,
    });
    if (rotated.state === "rotated") return this.#baseOf(newId, session, rotated.version);
    // The old one was never saved, or has ended: that is no reason against signing in.
    const created = await sessions.create(newId, { data, userId, idleMs, absoluteMs });
    if (created.state === "created") return this.#baseOf(newId, session, created.version);
    throw new LiveError(
      "LIVE_INPUT_INVALID",
      "signIn: the new session's id is taken. Ids have to be random.",
    );
  }

  /** All sessions, by their ids. */
  async all(): Promise<Record<string, Record<string, unknown>>> {
    const found: Record<string, Record<string, unknown>> = Object.create(null);
    for await (const { id, data, seenAtMs } of this.#host.sessions.all()) {
      found[id] = { ...data, cookie: shownCookie(data["cookie"], seenAtMs) };
    }
    return found;
  }

  length(): Promise<number> {
    return this.#host.sessions.length();
  }

  async clear(): Promise<void> {
    await this.#host.sessions.clear();
  }

  async #create(id: string, session: object): Promise<Base> {
    const userId = this.#options.userOf(session as Fields);
    const data = ownFields(session);
    const { absoluteMs } = this.#options;
    const life = { idleMs: this.#lifeOf(session), absoluteMs };
    const reply = await this.#host.sessions.create(id, { data, userId, ...life });
    if (reply.state === "created") return this.#baseOf(id, session, reply.version);
    if (reply.state === "ended") return this.#lose(id, "ended", Object.keys(data));
    // Somebody saves what they did not read: all of it takes the place of what is there.
    const there = await this.read(id);
    return there && this.#saveOver(session, there.base);
  }

  async #saveOver(session: object, base: SessionBase): Promise<Base> {
    const { id } = base;
    const { fields, set, remove } = differences(session, base);
    const changed = [...Object.keys(set), ...remove];
    if (changed.length === 0) {
      await this.touch(id, session, base);
      return base;
    }
    const userId = this.#options.userOf(session as Fields);
    if (userId !== undefined && base.userId === undefined) this.#warnOfFixation();
    const reply = await this.#patch(id, {
      base: base.version,
      set,
      remove,
      idleMs: this.#lifeOf(session),
      userId: userId === base.userId ? undefined : (userId ?? null),
    });
    if (reply.state === "saved") return { id, version: reply.version, userId, fields, isFixed: false };
    return this.#lose(id, reply.state === "replaced" ? "replaced" : "ended", changed);
  }

  async #patch(id: string, patch: SaveSession): Promise<SaveReply> {
    const { sessions } = this.#host;
    const { conflicts, onConflict } = this.#options;
    const mode = conflicts === "refuse" || onConflict ? "strict" : "merge";
    const reply = await sessions.save(id, { ...patch, mode });
    if (reply.state !== "conflict") return reply;
    onConflict?.({ id, reason: "changed", fields: reply.fields });
    if (conflicts === "overwrite") return sessions.save(id, { ...patch, mode: "merge" });
    throw new LiveError(
      "LIVE_SESSION_CONFLICT",
      `Another request has changed ${reply.fields.join(", ")} of this session since this one read it, so nothing of it was saved.`,
      { details: { fields: reply.fields } },
    );
  }

  #lose(id: string, reason: "ended" | "replaced", fields: readonly string[]): undefined {
    this.#options.onConflict?.({ id, reason, fields });
  }

  #lifeOf(session: object): number {
    return lifeOf(session, this.#options.idleMs, this.#host.door.clock.wall());
  }

  #baseOf(id: string, session: object, version: number): SessionBase {
    const userId = this.#options.userOf(session as Fields);
    return { id, version, userId, fields: fieldsOf(session), isFixed: false };
  }

  #warnOfFixation(): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    this.#host.door.warn(
      "a session got a user and kept its id, so whoever knew the id before is signed in too. Use signIn, or regenerate the session",
    );
  }
}

/** What a session has of its own, as JSON would carry it. */
function ownFields(session: object): Record<string, unknown> {
  const fields: Record<string, unknown> = Object.create(null);
  for (const [name, value] of Object.entries(session)) {
    if (value !== undefined && typeof value !== "function") fields[name] = value;
  }
  fields["cookie"] ??= null;
  return fields;
}

function fieldsOf(session: object): Map<string, string> {
  const fields = new Map<string, string>();
  for (const [name, value] of Object.entries(session)) {
    const json = JSON.stringify(value) as string | undefined;
    if (json !== undefined) fields.set(name, json);
  }
  return fields;
}

/** What a session has now, as JSON, and what of that is to be saved. */
interface Differences {
  readonly fields: ReadonlyMap<string, string>;
  readonly set: Readonly<Record<string, unknown>>;
  readonly remove: readonly string[];
}

function differences(session: object, base: SessionBase): Differences {
  const set: Record<string, unknown> = Object.create(null);
  const fields = fieldsOf(session);
  if (!fields.has("cookie")) fields.set("cookie", "null");
  for (const [name, json] of fields) {
    const before = base.fields.get(name);
    if (before === json || (name === "cookie" && isSameCookie(before, json))) continue;
    set[name] = (session as Fields)[name] ?? null;
  }
  const remove = [...base.fields.keys()].filter((name) => !fields.has(name));
  return { fields, set, remove };
}
