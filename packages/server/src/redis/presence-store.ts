import { parseCursor } from "@livecache/wire";
import type { Cursor } from "@livecache/wire";
import { randomWord } from "../base/ids.ts";
import type { Listening } from "../ports/ephemeral-lane.ts";
import { LEASE_CLOCK_STEP_MS, MAX_LISTED, REAP_CLAIM_MS } from "../ports/presence-store.ts";
import type {
  KeptPage,
  PageQuery,
  PresenceStore,
  PresenceWrite,
  RenewInput,
} from "../ports/presence-store.ts";
import { damaged } from "./failure.ts";
import type { Feeds } from "./feeds.ts";
import type { Keyspace } from "./keyspace.ts";
import { readStep, readUsers } from "./presence-step.ts";
import { runScript } from "./run-script.ts";
import type { Send } from "./wire.ts";

/** What the store needs from its surroundings. */
export interface RedisPresenceParts {
  readonly keyspace: Keyspace;
  readonly send: Send;
  readonly feeds: Feeds;
}

/** How long users stay after the last word on their channel, should nobody ever remove them. */
const USERS_TTL_MS = 24 * 3_600_000;

/** Leases outlive what was said under them, so that who has ended is never forgotten before their users. */
const LEASES_TTL_MS = 2 * USERS_TTL_MS;

/** How many users of an ended incarnation are looked at for one call. */
const REAPED_AT_ONCE = 500;

/** What is said of users in one channel, by an incarnation that lives, or of one that has ended. */
interface Said {
  readonly incarnation: string;
  readonly channel: string;
  readonly mode: "own" | "ended";
  readonly users: readonly PresenceWrite[];
}

/** Makes the presence store of one realm, in Redis. */
export function createRedisPresenceStore(parts: RedisPresenceParts): PresenceStore {
  const { keyspace, send, feeds } = parts;
  const { leases, leaseClock } = keyspace;

  async function write({ incarnation, channel, mode, users }: Said): Promise<boolean> {
    const last = new Map(users.map((user) => [user.userId, user]));
    const reply = await runScript(send, "presenceWrite", {
      keys: [leases, leaseClock, keyspace.spokenFor(incarnation), ...keysOf(keyspace, channel)],
      args: [
        ...[incarnation, mode, LEASE_CLOCK_STEP_MS, randomWord(8), USERS_TTL_MS],
        ...[channel, topicOf(keyspace, channel), MAX_LISTED],
        ...[...last.values()].flatMap(({ userId, state, meta }) => [userId, state ?? "", meta ?? ""]),
      ],
    });
    return reply === 1;
  }

  return {
    renew: (input) => renew(send, keyspace, input),
    write: (input) => write({ ...input, mode: "own" }),
    async keep(incarnation, channels) {
      const keys = [keyspace.spokenFor(incarnation), ...channels.flatMap((name) => keysOf(keyspace, name))];
      await Promise.all(keys.map((key) => send(["PEXPIRE", key, `${USERS_TTL_MS}`])));
    },
    async reap(incarnation) {
      const key = keyspace.spokenFor(incarnation);
      const said = (await send(["SRANDMEMBER", key, `${REAPED_AT_ONCE}`])) as Iterable<string>;
      const byChannel = groupByChannel(said);
      const writes = [...byChannel].map(([channel, users]) =>
        write({ incarnation, channel, mode: "ended", users }),
      );
      const done = await Promise.all(writes);
      if (done.includes(false)) return true;
      if (byChannel.size > 0 && Number(await send(["SCARD", key])) > 0) return false;
      await send(["ZREM", keyspace.ended, incarnation]);
      return true;
    },
    page: (channel, query) => readPage(send, keyspace, { ...query, channel }),
    count: async (channel) => Number(await send(["HLEN", keyspace.present(channel)])),
    async isPresent(channel, userId) {
      const keys = [leases, leaseClock, keyspace.present(channel)];
      return (await runScript(send, "presenceFind", { keys, args: [LEASE_CLOCK_STEP_MS, userId] })) === 1;
    },
    async follow(channel, onDiff): Promise<Listening> {
      let told: Cursor | undefined;
      const stop = await feeds.listen(topicOf(keyspace, channel), (message) => {
        const diff = readStep(message);
        // Over a change of connections the old one may still have something to say.
        if (!diff || (told?.epoch === diff.version.epoch && diff.version.offset <= told.offset)) return;
        told = diff.version;
        onDiff(diff);
      });
      return {
        async close() {
          stop();
        },
      };
    },
  };
}

async function renew(
  send: Send,
  { leases, leaseClock, ended }: Keyspace,
  { incarnation, begins, leaseMs }: RenewInput,
): Promise<{ alive: boolean; dead: string[]; nextEndMs: number | undefined }> {
  const reply = (await runScript(send, "presenceRenew", {
    keys: [leases, leaseClock, ended],
    args: [incarnation, begins ? 1 : 0, leaseMs, LEASES_TTL_MS, LEASE_CLOCK_STEP_MS, REAP_CLAIM_MS],
  })) as readonly unknown[];
  const [alive, nextEndMs, ...dead] = reply;
  const next = Number(nextEndMs);
  return { alive: alive === 1, dead: dead.map(String), nextEndMs: next < 0 ? undefined : next };
}

async function readPage(
  send: Send,
  keyspace: Keyspace,
  { channel, after, limit, asTold = false }: PageQuery & { readonly channel: string },
): Promise<KeptPage> {
  const reply = (await runScript(send, "presencePage", {
    keys: [keyspace.leases, keyspace.leaseClock, ...keysOf(keyspace, channel)],
    args: [
      LEASE_CLOCK_STEP_MS,
      randomWord(8),
      USERS_TTL_MS,
      after === undefined ? 0 : 1,
      after ?? "",
      limit,
      asTold ? 1 : 0,
    ],
  })) as readonly unknown[];
  const [at, count, more, last, ...fields] = reply;
  const version = parseCursor(at);
  if (!version) throw damaged("presence-page", reply);
  return {
    version,
    count: Number(count),
    users: readUsers(fields),
    next: more === "1" ? String(last) : undefined,
  };
}

/** The users of a channel, their order, and their version. */
function keysOf(keyspace: Keyspace, channel: string): readonly string[] {
  return [keyspace.present(channel), keyspace.presentOrder(channel), keyspace.presentVersion(channel)];
}

/** No channel has a space in its name. */
function topicOf(keyspace: Keyspace, channel: string): string {
  return keyspace.topic(`presence ${channel}`);
}

function groupByChannel(said: Iterable<string>): Map<string, PresenceWrite[]> {
  const byChannel = new Map<string, PresenceWrite[]>();
  for (const text of said) {
    const space = text.indexOf(" ");
    const channel = text.slice(0, space);
    const users = byChannel.get(channel) ?? [];
    users.push({ userId: text.slice(space + 1) });
    byChannel.set(channel, users);
  }
  return byChannel;
}
