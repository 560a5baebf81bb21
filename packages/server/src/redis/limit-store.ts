import { createHash } from "node:crypto";
import type { LimitAct, LimitVerdict } from "../base/limit-state.ts";
import type { LimitInput, LimitStore } from "../ports/limit-store.ts";
import { damaged } from "./failure.ts";
import type { Keyspace } from "./keyspace.ts";
import { runScript } from "./run-script.ts";
import type { Send } from "./wire.ts";

/** The limits of one realm, in Redis: one string for each subject of each limit, spread over all slots. */
export function createRedisLimitStore({
  keyspace,
  send,
}: {
  readonly keyspace: Keyspace;
  readonly send: Send;
}): LimitStore {
  async function decide(
    { name, subject, rule, carried = 0 }: LimitInput,
    kind: LimitAct["kind"],
    points: number,
  ): Promise<LimitVerdict> {
    const { algorithm, limit, windowMs, burst, blockMs } = rule;
    const reply = await runScript(send, "limitTake", {
      keys: [keyspace.limit(placeName(name, subject))],
      args: [kind, points, carried, algorithm, limit, windowMs, burst, blockMs],
    });
    return readVerdict(reply);
  }

  return {
    take: (input) => decide(input, "take", input.cost),
    peek: (input) => decide(input, "peek", input.cost),
    charge: (input) => decide(input, "charge", input.points),
    block: (input) => decide(input, "block", input.blockMs),
    async forget({ name, subject }) {
      await send(["UNLINK", keyspace.limit(placeName(name, subject))]);
    },
  };
}

/** The longest subject that stands in its key as it is, in bytes. */
const LONGEST_SUBJECT = 100;

/** A long subject stands in its key as a digest, so that no key is long. */
function placeName(name: string, subject: string): string {
  const isShort = Buffer.byteLength(subject) <= LONGEST_SUBJECT && !subject.startsWith("#");
  return `${name}:${isShort ? subject : `#${createHash("sha256").update(subject).digest("base64url")}`}`;
}

function readVerdict(reply: unknown): LimitVerdict {
  if (!Array.isArray(reply) || !reply.every((part) => typeof part === "number")) {
    throw damaged("limit", reply);
  }
  const [remaining = 0, retryAfterMs = 0, resetMs = 0, blocked = 0] = reply as readonly number[];
  return { allowed: retryAfterMs === 0, remaining, retryAfterMs, resetMs, blocked: blocked === 1 };
}
