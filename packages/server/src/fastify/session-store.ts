import { randomBytes } from "node:crypto";
import { EventEmitter } from "node:events";
import { SIGNED_MARK, createSigner } from "../http/session-cookie.ts";
import type { CookieSigner } from "../http/session-cookie.ts";
import { resolveSettings, resolveStoreOptions } from "../http/session-options.ts";
import type { SessionSettings, SessionStoreOptions } from "../http/session-options.ts";
import { SessionSaves } from "../http/session-saves.ts";
import type { SessionBase, SessionHost } from "../http/session-saves.ts";

type Done = (error?: unknown) => void;

/** What `@fastify/session` is registered with. */
export interface FastifySessionSettings {
  readonly cookieName: string;
  readonly cookiePrefix: string;
  readonly secret: CookieSigner;
  readonly store: FastifySessionStore;
  readonly cookie: {
    readonly path: string;
    readonly httpOnly: boolean;
    readonly sameSite: "lax";
    readonly secure: boolean;
    readonly maxAge: number;
  };
  readonly idGenerator: () => string;
  readonly saveUninitialized: boolean;
  readonly rolling: boolean;
}

/** A sign-in on its way: the session of `oldId` gets another id. */
interface Rotation {
  readonly userId: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Random bytes of a session's id. */
const ID_BYTES = 32;

/** Under this the cookie of a session that was read carries what is known of the session; the plugin keeps what a cookie carries. */
const BASE = Symbol("livecache.session");

/**
 * A store for `@fastify/session` over the sessions of an instance; all options at once by {@link sessionSettings}.
 *
 * A request saves only the properties that it changed, so requests at a time do not undo one another's. A session that has ended stays
 * ended, however late a request saves it. A use is written only now and then. While the ground is away a request fails with the ground's
 * error (503 by `liveErrors()`): it is never taken for one without a session. Sessions that this node has read within a minute can be read.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`
 */
export function createSessionStore(
  live: SessionHost,
  options: SessionStoreOptions = {},
): FastifySessionStore {
  return new FastifySessionStore(live, options);
}

/**
 * What `@fastify/session` is registered with: a store over `live`, and a cookie that nothing but this host can set, over TLS only, that
 * scripts do not see and other sites do not send along with writes. For development without TLS say `plainHttp: true`, which
 * production refuses. Behind a proxy that ends TLS, Fastify has to know its address: `fastify({ trustProxy: "10.0.0.0/8" })`.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`
 */
export function sessionSettings(
  live: SessionHost,
  settings: Omit<SessionSettings, "proxy">,
): FastifySessionSettings {
  const { name, secrets, plainHttp, absoluteMs, store } = resolveSettings(settings);
  return {
    cookieName: name,
    // As express-session writes it, so that one cookie serves both, and `sessionIdOf`.
    cookiePrefix: SIGNED_MARK,
    secret: createSigner(secrets),
    store: createSessionStore(live, store),
    cookie: { path: "/", httpOnly: true, sameSite: "lax", secure: !plainHttp, maxAge: absoluteMs },
    idGenerator: () => randomBytes(ID_BYTES).toString("base64url"),
    saveUninitialized: false,
    // Without it the plugin would not tell the store that a session is in use.
    rolling: true,
  };
}

/** See {@link createSessionStore}. */
export class FastifySessionStore extends EventEmitter {
  readonly #saves: SessionSaves;
  readonly #bases = new WeakMap<object, SessionBase>();
  readonly #rotations = new Map<string, Rotation>();
  /** Of the session that is regenerated in this very turn. */
  #rotating: (Rotation & { readonly oldId: string }) | undefined;

  constructor(live: SessionHost, options: SessionStoreOptions) {
    super();
    this.#saves = new SessionSaves(live, resolveStoreOptions(options));
  }

  /** What a session's properties are is declared by the application, to the plugin: no type that could be named here fits it. */
  get(sessionId: string, done: (error: unknown, session?: never) => void): void {
    const reading = this.#saves.read(sessionId).then((found) => {
      if (!found) return null;
      const { data, base } = found;
      const cookie = { ...(data["cookie"] as object), [BASE]: base };
      return { ...data, cookie };
    });
    settle(reading, done as (error: unknown, session?: unknown) => void);
  }

  set(sessionId: string, session: object, done: Done): void {
    const rotating = this.#rotating;
    this.#rotating = undefined;
    settle(rotating ? this.#replace(sessionId, session, rotating) : this.#save(sessionId, session), (error) =>
      done(error ?? undefined),
    );
  }

  destroy(sessionId: string, done: Done): void {
    const rotation = this.#rotations.get(sessionId);
    if (!rotation) return settle(this.#saves.end(sessionId), (error) => done(error ?? undefined));
    // The plugin saves the new session in this very turn, and that ends the old one.
    this.#rotations.delete(sessionId);
    this.#rotating = { ...rotation, oldId: sessionId };
    done();
  }

  /** The next regeneration of this session, which follows in this very turn, is a sign-in. */
  expectSignIn(sessionId: string, rotation: Rotation): void {
    this.#rotations.set(sessionId, rotation);
  }

  async #replace(
    newId: string,
    session: object,
    { oldId, userId, data }: Rotation & { oldId: string },
  ): Promise<void> {
    const signedIn = { ...plainOf(session), ...data, userId };
    const base = await this.#saves.replace({ oldId, newId, userId, session: signedIn });
    // Not before: the plugin saves what a request has at its end, and a sign-in that failed must not come true by that.
    Object.assign(session, data, { userId });
    this.#bases.set(session, base);
  }

  async #save(sessionId: string, session: object): Promise<void> {
    const known = this.#bases.get(session) ?? carriedBase(session);
    const base = await this.#saves.save(sessionId, plainOf(session), known);
    if (base) this.#bases.set(session, base);
  }
}

/** The plugin makes a new object of each session that was read, and keeps what came as its cookie among its own. */
function carriedBase(session: object): SessionBase | undefined {
  for (const key of Object.getOwnPropertySymbols(session)) {
    const kept = (session as Record<symbol, unknown>)[key];
    if (typeof kept === "object" && kept !== null && BASE in kept) return kept[BASE] as SessionBase;
  }
  return undefined;
}

/** The data, with the cookie in its JSON form. */
function plainOf(session: object): Record<string, unknown> {
  const { cookie, ...data } = session as Record<string, unknown>;
  const json = JSON.stringify(cookie) as string | undefined;
  return json === undefined ? data : { ...data, cookie: JSON.parse(json) as unknown };
}

/** Calls back outside of the promise, so that what a callback throws is the callback's own. */
function settle<T>(work: Promise<T>, done: (error: unknown, value?: T) => void): void {
  work.then(
    (value) => process.nextTick(done, null, value),
    (error: unknown) => process.nextTick(done, error),
  );
}
