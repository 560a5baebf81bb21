import { randomBytes } from "node:crypto";
import { Store } from "express-session";
import type { Session, SessionData, SessionOptions } from "express-session";
import { dropTossedCookies } from "../http/session-cookie.ts";
import { resolveSettings, resolveStoreOptions } from "../http/session-options.ts";
import type { SessionSettings, SessionStoreOptions } from "../http/session-options.ts";
import { SessionSaves } from "../http/session-saves.ts";
import type { SessionBase, SessionHost } from "../http/session-saves.ts";

type Done<T = void> = (error?: unknown, value?: T) => void;
type Request = Parameters<Store["createSession"]>[0];

/** Random bytes of a session's id. */
const ID_BYTES = 32;

/**
 * A store for express-session over the sessions of an instance: `session({ store: createSessionStore(live), ... })`, or all
 * options at once by {@link sessionSettings}.
 *
 * A request saves only the properties that it changed, so requests at a time do not undo one another's. A session that has ended stays
 * ended, however late a request saves it. A use is written only now and then. While the ground is away a request fails with the ground's
 * error (503 by `liveErrors()`): it is never taken for one without a session, so nobody is signed out. Sessions that this node has read
 * within a minute can be read.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`
 */
export function createSessionStore(live: SessionHost, options: SessionStoreOptions = {}): LiveSessionStore {
  return new LiveSessionStore(live, options);
}

/**
 * The options of `session(...)`: a store over `live`, and a cookie that nothing but this host can set, over TLS only, that scripts do not
 * see and other sites do not send along with writes. For development without TLS say `plainHttp: true`, which production refuses.
 *
 * Behind a proxy that ends TLS, Express has to know (`app.set("trust proxy", 1)`, or `proxy: true` here), or it sets no cookie.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`
 */
export function sessionSettings(live: SessionHost, settings: SessionSettings): SessionOptions {
  const { name, secrets, plainHttp, proxy, absoluteMs, store } = resolveSettings(settings);
  const cookie = {
    path: "/",
    httpOnly: true,
    sameSite: "lax",
    secure: !plainHttp,
    maxAge: absoluteMs,
  } as const;
  return {
    name,
    secret: [...secrets],
    store: createSessionStore(live, store),
    // Asked before the request's cookies are read.
    cookie: (req) => {
      dropTossedCookies(req.headers, name);
      return cookie;
    },
    genid: () => randomBytes(ID_BYTES).toString("base64url"),
    resave: false,
    saveUninitialized: false,
    rolling: false,
    unset: "destroy",
    ...(proxy === undefined ? {} : { proxy }),
  };
}

/** See {@link createSessionStore}. */
export class LiveSessionStore extends Store {
  readonly #saves: SessionSaves;
  /** What each request knows of its session; by the object that it works on. */
  readonly #bases = new WeakMap<object, SessionBase>();
  /** Set by express-session: gives a request a new session. */
  declare generate: (req: Request) => void;

  constructor(live: SessionHost, options: SessionStoreOptions) {
    super();
    this.#saves = new SessionSaves(live, resolveStoreOptions(options));
  }

  override get(sid: string, done: Done<SessionData | null>): void {
    const reading = this.#saves.read(sid).then((found) => {
      if (!found) return null;
      this.#bases.set(found.data, found.base);
      return found.data as unknown as SessionData;
    });
    settle(reading, done);
  }

  override createSession(req: Request, data: SessionData): Session & SessionData {
    const base = this.#bases.get(data);
    const made = super.createSession(req, data);
    if (base) this.#bases.set(made, base);
    return made;
  }

  override set(sid: string, session: SessionData, done?: Done): void {
    settle(this.#save(sid, session), done);
  }

  override touch(sid: string, session: SessionData, done?: Done): void {
    settle(this.#saves.touch(sid, session, this.#bases.get(session)), done);
  }

  override destroy(sid: string, done?: Done): void {
    settle(this.#saves.end(sid), done);
  }

  override all(done: Done<{ [sid: string]: SessionData }>): void {
    settle(this.#saves.all() as Promise<unknown> as Promise<{ [sid: string]: SessionData }>, done);
  }

  override length(done: Done<number>): void {
    settle(this.#saves.length(), done);
  }

  override clear(done?: Done): void {
    settle(this.#saves.clear(), done);
  }

  /** Puts the session that a request has now, which is new, in the place of the one it had. */
  async replace(req: Request, oldId: string, userId: string): Promise<void> {
    const { session, sessionID: newId } = req;
    this.#bases.set(session, await this.#saves.replace({ oldId, newId, userId, session }));
  }

  async #save(sid: string, session: SessionData): Promise<void> {
    const base = await this.#saves.save(sid, session, this.#bases.get(session));
    if (base) this.#bases.set(session, base);
  }
}

/** Calls back outside of the promise, so that what a callback throws is the callback's own. */
function settle<T>(work: Promise<T>, done: Done<T> | undefined): void {
  work.then(
    (value) => done && process.nextTick(done, null, value),
    (error: unknown) => done && process.nextTick(done, error),
  );
}
