import { LiveError } from "@livecache/wire";
import type { Sessions } from "./session-api.ts";

/** How often an update is tried while others save in between. */
const MOST_TRIES = 20;

/** Lets the application alter the data of a session, and saves the difference. */
export function createUpdating({ read, save }: Pick<Sessions, "read" | "save">): Sessions["update"] {
  return async (id, change) => {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const session = await read(id);
      if (!session) return { state: "gone" };
      if (session.isReplaced) return { state: "replaced" };
      if (session.isCopy) throw awayForWriting();
      const before = new Map(
        Object.entries(session.data).map(([name, value]) => [name, JSON.stringify(value)]),
      );
      const data = session.data as Record<string, unknown>;
      await change(data);
      const names = Object.keys(data).filter((name) => JSON.stringify(data[name]) !== before.get(name));
      const set = Object.create(null) as Record<string, unknown>;
      for (const name of names) set[name] = data[name];
      const remove = [...before.keys()].filter((name) => !Object.hasOwn(data, name));
      if (names.length + remove.length === 0) return { state: "saved", session };
      const reply = await save(id, { base: session.version, set, remove, mode: "exact" });
      if (reply.state === "conflict") continue;
      if (reply.state !== "saved") return reply;
      const { version, expiresAtMs } = reply;
      return { state: "saved", session: { ...session, data, version, expiresAtMs } };
    }
    const message = `update: others saved the session in between ${MOST_TRIES} times. Try again later.`;
    throw new LiveError("LIVE_LIMIT_REACHED", message);
  };
}

function awayForWriting(): LiveError {
  const message = "update: the ground is away, and what this node knows of the session can only be read.";
  return new LiveError("LIVE_GROUND_AWAY", message);
}
