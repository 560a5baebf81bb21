import type { SessionData, Store } from "express-session";
import { createProfiler } from "../../node/profiler.ts";
import { timeLatencies } from "../../node/timed.ts";
import { SESSIONS } from "./roster.ts";
import type { SessionsName } from "./roster.ts";
import { LIFETIME_MS, sessionData } from "./session-side.ts";
import type { SessionSide } from "./session-side.ts";
import { openShop } from "./shop.ts";

/** What is done to sessions, and how. */
export interface SessionPlan {
  readonly act: "read" | "save" | "touch";
  /** Sessions are taken in turn. */
  readonly sessions: number;
  readonly ms: number;
  readonly concurrency: number;
}

/** How many sessions are on their way while a store is filled. */
const FILL_CONCURRENCY = 32;

const idOf = (index: number): string => `session-of-the-benchmark-${String(index).padStart(8, "0")}`;

/** Whose session it is; 10 of each user. */
const userOf = (index: number): string => `user-${Math.floor(index / 10)}`;

function freshSession(index: number): SessionData {
  const cookie = {
    originalMaxAge: LIFETIME_MS,
    maxAge: LIFETIME_MS,
    expires: new Date(Date.now() + LIFETIME_MS),
    httpOnly: true,
    path: "/",
  };
  return { cookie, ...sessionData(userOf(index)) } as unknown as SessionData;
}

/** The verbs of a store, awaited. */
function verbsOf(store: Store) {
  return {
    get: (id: string) =>
      new Promise<SessionData | null | undefined>((resolve, reject) =>
        store.get(id, (error: unknown, found) => (error ? reject(error as Error) : resolve(found))),
      ),
    set: (id: string, session: SessionData) =>
      new Promise<void>((resolve, reject) =>
        store.set(id, session, (error: unknown) => (error ? reject(error as Error) : resolve())),
      ),
    touch: (id: string, session: SessionData) =>
      new Promise<void>((resolve, reject) => {
        if (!store.touch) return reject(new Error("the store has no touch"));
        // Some stores answer an error here as well, whatever the types say.
        store.touch(id, session, ((error: unknown) =>
          error ? reject(error as Error) : resolve()) as () => void);
      }),
  };
}

/** What the process of a store of sessions can be asked to do. */
export function createSessionActs() {
  let open: SessionSide | undefined;
  let shop: Awaited<ReturnType<typeof openShop>> | undefined;
  const side = (): SessionSide => {
    if (!open) throw new Error("the store is not open");
    return open;
  };

  async function workOf({ act, sessions }: SessionPlan): Promise<(id: string) => Promise<unknown>> {
    const { get, set, touch } = verbsOf(side().store);
    async function read(id: string): Promise<SessionData> {
      const found = await get(id);
      if (!found || found["csrf"] === undefined) throw new Error(`void: ${id} was read as ${String(found)}`);
      return found;
    }
    if (act === "read") return read;
    if (act === "touch") {
      // A request has read the session that it touches.
      const known = new Map<string, SessionData>();
      for (let index = 0; index < sessions; index++) known.set(idOf(index), await read(idOf(index)));
      return (id) => touch(id, known.get(id)!);
    }
    let visits = 0;
    return async (id) => {
      const session = await read(id);
      session["visits"] = ++visits;
      await set(id, session);
    };
  }

  return {
    ...createProfiler(),
    async open(name: string, redisUrl: string): Promise<void> {
      open = await SESSIONS[name as SessionsName](redisUrl);
    },
    async fill(count: number): Promise<void> {
      const { set } = verbsOf(side().store);
      let next = 0;
      async function worker(): Promise<void> {
        while (next < count) {
          const index = next++;
          await set(idOf(index), freshSession(index));
        }
      }
      await Promise.all(Array.from({ length: FILL_CONCURRENCY }, worker));
    },
    async times(plan: SessionPlan) {
      const order = Array.from({ length: plan.sessions }, (_, index) => idOf(index));
      const work = await workOf(plan);
      let done = 0;
      const each = async (id: string): Promise<void> => {
        await work(id);
        done++;
      };
      const latencies = await timeLatencies(
        each,
        { keys: 0, ms: plan.ms, concurrency: plan.concurrency },
        order,
      );
      return { ...latencies, done };
    },
    /** Signs out the user of a session, and says how long it took and whether the session is really gone and another's is not. */
    async signOut(index: number, another: number): Promise<{ readonly ms: number }> {
      const { get } = verbsOf(side().store);
      if (!(await get(idOf(index)))) throw new Error("void: the session was not there");
      const startedAt = performance.now();
      await side().signOut(userOf(index));
      const ms = performance.now() - startedAt;
      if (await get(idOf(index))) throw new Error("void: the session is still there");
      if (!(await get(idOf(another)))) throw new Error("void: the session of somebody else is gone");
      return { ms };
    },
    /** Opens an application on express-session; answers its port. */
    async shop(): Promise<number> {
      shop ??= await openShop(side().store);
      return shop.port;
    },
    async close(): Promise<void> {
      shop?.close();
      await open?.close();
    },
  };
}
