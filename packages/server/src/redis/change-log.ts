import { LiveError, parseCursor, parsePosition } from "@livecache/wire";
import type { Cursor, Position } from "@livecache/wire";
import { randomWord } from "../base/ids.ts";
import type { ChangeInput, ChangeLog, Claim, Verdict } from "../ports/change-log.ts";
import { TAG_TTL_MS } from "./cache-store.ts";
import { subscribeChannel } from "./feeds.ts";
import type { Feeds } from "./feeds.ts";
import type { Keyspace } from "./keyspace.ts";
import { MARK_TTL_MS } from "./pulse.ts";
import type { Pulse } from "./pulse.ts";
import { runScript } from "./run-script.ts";
import type { Send } from "./run-script.ts";
import type { LogTail } from "./tail.ts";

/** What the log needs from its surroundings. */
export interface RedisLogParts {
  readonly keyspace: Keyspace;
  /** Name of this process. */
  readonly instance: string;
  readonly send: Send;
  readonly pulse: Pulse;
  readonly tail: LogTail;
  readonly feeds: Feeds;
}

/** How many records the log keeps, roughly. */
const LOG_RECORDS = 10_000;

/** How long the ground knows where a channel stands after its last use. */
const CHANNEL_TTL_MS = 24 * 3_600_000;

/** Makes the change log of one realm, in Redis. */
export function createRedisChangeLog(parts: RedisLogParts): ChangeLog {
  const { keyspace, instance, send, pulse, tail, feeds } = parts;

  async function cursor(channel: string): Promise<Cursor> {
    const reply = await runScript(send, "cursor", {
      keys: [keyspace.channel(channel)],
      args: [randomWord(8), CHANNEL_TTL_MS],
    });
    return parseCursor(reply) ?? damaged(reply);
  }

  return {
    cursor,
    position: () => readHead(send, keyspace),
    judge: (claims) => judgeClaims(send, keyspace, claims),
    tail: (reader) => tail.follow(reader),
    subscribe: (channel, onEvent) =>
      subscribeChannel(feeds, { feed: keyspace.feed(channel), cursor: () => cursor(channel) }, onEvent),
    async append(change) {
      const reply = (await runScript(send, "append", appendCall(keyspace, instance, change))) as [
        string,
        number,
      ];
      pulse.noteMark(reply[1]);
      return parsePosition(reply[0]) ?? damaged(reply[0]);
    },
    async acknowledge(node, { seq }) {
      await runScript(send, "acknowledge", { keys: [keyspace.applied], args: [node, seq, MARK_TTL_MS] });
    },
    async lagging({ seq }) {
      return Number(
        await runScript(send, "lagging", { keys: [keyspace.nodes, keyspace.applied], args: [seq] }),
      );
    },
    async renewEpoch(from) {
      const keys = [keyspace.head, keyspace.log];
      return String(await runScript(send, "renewEpoch", { keys, args: [from, randomWord(8)] }));
    },
  };
}

function appendCall(keyspace: Keyspace, instance: string, change: ChangeInput) {
  const { changeId, origin, tags, events, trace = "", retryAfter } = change;
  const channels = [...new Set(events.map((event) => event.channel))];
  return {
    keys: [
      keyspace.head,
      keyspace.log,
      keyspace.mark(instance),
      ...tags.map(keyspace.tag),
      ...events.map((event) => keyspace.channel(event.channel)),
    ],
    args: [
      ...[randomWord(8), changeId, origin, trace],
      ...[tags.length, TAG_TTL_MS, LOG_RECORDS, MARK_TTL_MS, CHANNEL_TTL_MS],
      ...[tags.join("\n"), channels.join("\n")],
      ...[retryAfter?.epoch ?? "", retryAfter?.seq ?? 0],
      ...events.flatMap(({ channel, name, body }) => [keyspace.feed(channel), channel, name, body]),
    ],
  };
}

/** Where the log ends. A plain GET, unless there is no head yet. */
export async function readHead(send: Send, keyspace: Keyspace): Promise<Position> {
  const found = parsePosition(await send(["GET", keyspace.head]));
  if (found) return found;
  const made = await runScript(send, "head", { keys: [keyspace.head, keyspace.log], args: [randomWord(8)] });
  return parsePosition(made) ?? damaged(made);
}

/** Judges claims in the ground. */
export async function judgeClaims(
  send: Send,
  keyspace: Keyspace,
  claims: readonly Claim[],
): Promise<{ position: Position; verdicts: readonly Verdict[] }> {
  const keys = [keyspace.head, ...claims.flatMap((claim) => claim.tags.map(keyspace.tag))];
  const args = claims.flatMap(({ position, tags }) => [position.epoch, position.seq, tags.length]);
  const [head, ...valid] = (await runScript(send, "judge", { keys, args })) as [string, ...number[]];
  const position = parsePosition(head) ?? (await readHead(send, keyspace));
  return { position, verdicts: valid.map((one) => (one === 1 ? "valid" : "changed")) };
}

function damaged(reply: unknown): never {
  throw new LiveError(
    "LIVE_GROUND_REFUSED",
    `Redis holds something that is not ours: ${JSON.stringify(reply)}`,
  );
}
