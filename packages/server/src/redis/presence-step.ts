import { parseCursor } from "@livecache/wire";
import type { KeptDiff, KeptUser } from "../ports/presence-store.ts";

/** Three fields of each user: id, state, and meta or nothing. */
export function readUsers(fields: readonly unknown[]): KeptUser[] {
  const users: KeptUser[] = [];
  for (let i = 0; i < fields.length; i += 3) {
    users.push(readUser([fields[i], fields[i + 1], fields[i + 2]]));
  }
  return users;
}

/** Reads a step as `presence-write.lua` publishes it. Anything else is `undefined`. */
export function readStep(message: string): KeptDiff | undefined {
  const step = parse(message);
  const version = parseCursor(step?.v);
  if (!step || !version) return undefined;
  const count = Number(step.n);
  if (step.t !== 1) return { version, count };
  const joined = (step.j ?? []).map(readUser);
  const left = (step.l ?? []).map(String);
  const changed = (step.c ?? []).map(readUser);
  return { version, count, moves: { joined, left, changed } };
}

/** A step: version, number of users, whether they are listed, and who joined, left and changed. */
interface Step {
  readonly v?: unknown;
  readonly n?: unknown;
  readonly t?: unknown;
  readonly j?: readonly (readonly unknown[])[];
  readonly l?: readonly unknown[];
  readonly c?: readonly (readonly unknown[])[];
}

function parse(message: string): Step | undefined {
  try {
    return JSON.parse(message) as Step;
  } catch {
    return undefined;
  }
}

function readUser([userId, state, meta]: readonly unknown[]): KeptUser {
  return {
    userId: String(userId),
    state: state === "away" ? "away" : "online",
    meta: meta === "" || meta === undefined ? undefined : String(meta),
  };
}
