import { isLiveError } from "@livecache/wire";
import { damaged } from "./failure.ts";
import type { KeyspacePlace } from "./keyspace.ts";
import type { Walk } from "./servers.ts";

/** What the keys of a realm are for, by how they begin behind its name: see `docs/reference/keys.md`. */
const KINDS: Readonly<Record<string, string>> = {
  e: "entries",
  l: "loads",
  t: "tags",
  ch: "channels",
  h: "histories",
  session: "sessions",
  sessions: "sessions",
  "sessions-of": "sessions",
  "session-round": "sessions",
  socket: "sockets",
  heartbeat: "sockets",
  sockets: "sockets",
  pl: "presence",
  pt: "presence",
  pe: "presence",
  pn: "presence",
  pu: "presence",
  po: "presence",
  pv: "presence",
  region: "regions",
  places: "regions",
  departed: "regions",
  notifications: "notifications",
  unread: "notifications",
  claim: "messages",
  limit: "limits",
  rl: "revocations",
  rv: "revocations",
  blacklist: "revocations",
};

/** Steps of the walk, and keys that Redis looks at in each: it is never held for longer than a step takes, well below a millisecond. */
const MOST_STEPS = 20;
const STEP = 1_000;

/** How many keys a realm has of each kind, of those that were looked at. */
export interface KeyCounts {
  readonly counts: Readonly<Record<string, number>>;
  /** Whether there were more keys than were looked at. */
  readonly isPartial: boolean;
}

/** Counts by walking over a bounded part of all keys. What was counted before the ground went away is answered. */
export async function countKeys(
  walk: Walk,
  { prefix, realm }: Pick<KeyspacePlace, "prefix" | "realm">,
): Promise<KeyCounts> {
  const own = `${prefix}:${realm}`;
  const counts: Record<string, number> = {};
  let from: string | undefined;
  try {
    for (let steps = 0; steps < MOST_STEPS; steps++) {
      const step = walk(from);
      const reply = await step.send(["SCAN", step.cursor, "MATCH", `*${own}*`, "COUNT", String(STEP)]);
      const [next, keys] = reply as readonly [string, readonly string[]];
      if (typeof next !== "string" || !Array.isArray(keys)) throw damaged("SCAN", reply);
      addUp(counts, keys, own);
      from = step.after(next);
      if (from === undefined) return { counts, isPartial: false };
    }
  } catch (error) {
    if (!isLiveError(error)) throw error;
  }
  return { counts, isPartial: true };
}

function addUp(counts: Record<string, number>, keys: readonly string[], own: string): void {
  for (const key of keys) {
    const kind = kindOf(key, own);
    if (kind !== undefined) counts[kind] = (counts[kind] ?? 0) + 1;
  }
}

/** What a key is for; `undefined` when it is not of the realm. */
export function kindOf(key: string, own: string): string | undefined {
  const rest = key.startsWith(`{${own}}:`)
    ? key.slice(own.length + 3)
    : key.startsWith(`${own}:`)
      ? key.slice(own.length + 1)
      : undefined;
  return rest === undefined ? undefined : (KINDS[rest.split(":", 1)[0]!] ?? "log");
}
