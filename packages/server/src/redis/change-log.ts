import { LiveError, parsePosition } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import { randomWord } from "../base/ids.ts";
import { isUnknownOutcome } from "../base/unknown-outcome.ts";
import type { ChangeInput, ChangeLog, Claim, SourceStep, Verdict } from "../ports/change-log.ts";
import { CHANNEL_TTL_MS, NO_EVENTS, createChannelReads } from "./channel-reads.ts";
import type { NoteDeed } from "../ports/notification-store.ts";
import type { Feeds } from "./feeds.ts";
import type { Keyspace } from "./keyspace.ts";
import { formatRecord } from "./log-record.ts";
import { MARK_TTL_MS, readPosition } from "./pulse.ts";
import type { Pulse } from "./pulse.ts";
import { runScript } from "./run-script.ts";
import type { ScriptCall } from "./run-script.ts";
import { formatHeader, subscribeChannel } from "./subscription.ts";
import { formatDeed } from "./note-deed.ts";
import type { LogTail } from "./tail.ts";
import type { Send } from "./wire.ts";

/** What the log needs from its surroundings. */
export interface RedisLogParts {
  readonly keyspace: Keyspace;
  /** Name of this ground, new each time it is opened. */
  readonly ground: string;
  readonly send: Send;
  readonly pulse: Pulse;
  readonly tail: LogTail;
  readonly feeds: Feeds;
}

/** How long Redis knows when a tag last moved, if no entry needs to know it longer. */
export const TAG_TTL_MS = 24 * 3_600_000;

/** How long Redis knows how far a source has been taken over, from its last change. */
const SOURCE_TTL_MS = 30 * 24 * 3_600_000;

/** Makes the change log of one realm, in Redis. */
export function createRedisChangeLog(parts: RedisLogParts): ChangeLog {
  const { keyspace, ground, send, pulse, tail, feeds } = parts;
  const { head, log, nodes, acks } = keyspace;
  const attempts = createAttempts();

  const reads = createChannelReads(send, keyspace);

  return {
    position: () => readHead(send, keyspace),
    judge: (claims) => judgeClaims(send, keyspace, claims),
    tail: (reader) => tail.follow(reader),
    subscribe: (channel, onEvent, missed) =>
      subscribeChannel(
        {
          ...{ channel, feed: keyspace.feed(channel), feeds },
          read: () => reads.read(channel, missed ?? NO_EVENTS),
        },
        onEvent,
      ),
    async cursor(channel) {
      const { cursor } = await reads.read(channel, NO_EVENTS);
      return cursor;
    },
    async append(change) {
      const mark = pulse.nextMark();
      const attempt = attempts.begin(change, pulse.known());
      const call = appendCall({ keyspace, markKey: keyspace.mark(ground), mark, attempt }, change);
      try {
        const reply = await runScript(send, "append", call);
        const made = change.source && readStep(change.source, String(reply));
        if (made) return made;
        const position = readPosition("append", reply);
        pulse.confirm(mark, position);
        attempts.made(change);
        return position;
      } catch (error) {
        // A step of a source is recognised by its place.
        if (isUnknownOutcome(error) && !change.source) attempts.unknown(change, attempt);
        throw error;
      }
    },
    async sourcePlace(name) {
      const text = (await send(["GET", keyspace.source(name)])) as string | null;
      return text?.slice(text.indexOf(" ") + 1);
    },
    async acknowledge(node, { epoch, seq }) {
      await runScript(send, "acknowledge", { keys: [nodes, acks], args: [node, epoch, seq] });
    },
    async nodes() {
      return (await runScript(send, "nodes", { keys: [nodes, acks] })) as readonly string[];
    },
    async lagging({ epoch, seq }) {
      const call = { keys: [head, log, nodes, acks], args: [randomWord(8), epoch, seq] };
      return Number(await runScript(send, "lagging", call));
    },
    history: reads.read,
    renewEpoch: (from) => renewEpoch(send, keyspace, from),
  };
}

/** How many changes of unknown outcome are remembered: more than a node lets wait for the ground. */
const REMEMBERED_ATTEMPTS = 20_000;

/** One attempt to make a change. */
interface Attempt {
  /** Changes of one ground are numbered as they are sent, which is as they are made: one connection carries them all. 0: not known. */
  readonly number: number;
  /** Where the log is known to have stood before the first attempt. */
  readonly after: Position | undefined;
}

/** Attempts of one ground: those of unknown outcome are remembered, and a change that is tried again goes on with the first of them. */
function createAttempts() {
  let last = 0;
  const unknown = new Map<string, Attempt>();
  return {
    begin({ changeId, retryAfter }: ChangeInput, known: Position | undefined): Attempt {
      const first = unknown.get(changeId);
      if (first) return first;
      return retryAfter ? { number: 0, after: retryAfter } : { number: ++last, after: known };
    },
    made({ changeId }: ChangeInput): void {
      unknown.delete(changeId);
    },
    unknown({ changeId }: ChangeInput, attempt: Attempt): void {
      unknown.set(changeId, attempt);
      if (unknown.size > REMEMBERED_ATTEMPTS) unknown.delete(unknown.keys().next().value!);
    },
  };
}

/** The position of a step that was made before, maybe in another epoch; refuses one that does not follow on where the source stands. */
function readStep(step: SourceStep, reply: string): Position | undefined {
  const [word, ...rest] = reply.split(" ");
  if (word === "repeated") return readPosition("append", rest[0]);
  if (word === "elsewhere") throw sourceMoved(step, rest.join(" ") || undefined);
  return undefined;
}

function sourceMoved({ name, after }: SourceStep, place: string | undefined): LiveError {
  return new LiveError(
    "LIVE_SOURCE_MOVED",
    `Source ${name}: expected the log to stand at ${after ?? "no place"}, received ${place ?? "no place"}.`,
    { details: { source: name, place } },
  );
}

/** What an append says besides the change. */
interface AppendMarks {
  readonly keyspace: Keyspace;
  readonly markKey: string;
  readonly mark: number;
  readonly attempt: Attempt;
}

function appendCall(
  { keyspace, markKey, mark, attempt: { number, after } }: AppendMarks,
  change: ChangeInput,
): ScriptCall {
  const { changeId, tags, mode, events, source } = change;
  const channels = [...new Set(events.map((event) => event.channel))];
  const keys = [
    ...[keyspace.head, keyspace.log, markKey],
    ...tags.map(keyspace.tag),
    ...channels.map(keyspace.channel),
    ...channels.map(keyspace.history),
  ];
  const addDeed = (deed: NoteDeed | undefined): string => {
    if (!deed) return "";
    keys.push(keyspace.notes(deed.userId), keyspace.unread(deed.userId));
    return formatDeed(deed, keys.length - 1);
  };
  const told = events.flatMap(({ channel, name, body, kept, note }) => [
    channels.indexOf(channel) + 1,
    keyspace.feed(channel),
    kept?.maxEvents ?? 0,
    kept?.maxAgeMs ?? 0,
    formatHeader(changeId, name),
    body,
    addDeed(note),
  ]);
  if (source) keys.push(keyspace.source(source.name));
  return {
    keys,
    args: [
      ...[randomWord(8), mark, MARK_TTL_MS, TAG_TTL_MS, CHANNEL_TTL_MS, keyspace.logFeed],
      ...[after?.epoch ?? "", after?.seq ?? 0],
      ...[changeId, formatRecord({ ...change, channels }), mode, tags.length, channels.length, number],
      ...(source ? [keys.length, source.after ?? "", source.place, SOURCE_TTL_MS] : [0, "", "", 0]),
      ...told,
    ],
  };
}

/** Where the log ends; a realm without a head gets one. */
export async function readHead(send: Send, { head, log }: Keyspace): Promise<Position> {
  const reply = await runScript(send, "head", { keys: [head, log], args: [randomWord(8)] });
  return readPosition("head", reply);
}

/** Starts another epoch if `from` is in force, and answers the one that is in force then. */
export async function renewEpoch(send: Send, { head, log }: Keyspace, from: string): Promise<string> {
  const reply = await runScript(send, "renewEpoch", { keys: [head, log], args: [randomWord(8), from] });
  return readPosition("renewEpoch", reply).epoch;
}

/** Judges claims in the ground. One MGET reads the head and all tags at one moment, so no script is needed. */
export async function judgeClaims(
  send: Send,
  keyspace: Keyspace,
  claims: readonly Claim[],
): Promise<{ position: Position; verdicts: readonly Verdict[] }> {
  const tags = [...new Set(claims.flatMap((claim) => claim.tags))];
  const keys = [keyspace.head, ...tags.map(keyspace.tag)];
  const [head, ...moves] = (await send(["MGET", ...keys])) as readonly (string | null)[];
  const position = parsePosition(head) ?? (await readHead(send, keyspace));
  const movesOf = new Map(tags.map((tag, index) => [tag, readMoves(moves[index])]));
  return { position, verdicts: claims.map((claim) => verdictOf(claim, position, movesOf)) };
}

/** When a tag was last purged, and when it last moved at all. */
interface Moves {
  readonly purged: number;
  readonly moved: number;
}

/** Reads a tag's key: `"<purged>"`, or `"<purged> <moved>"` after a soft move. A tag that is not known may have moved at any time. */
function readMoves(text: string | null | undefined): Moves {
  const [purged, moved] = (text ?? "").split(" ", 2).map((word) => Number(word || Number.NaN));
  const known = Number.isSafeInteger(purged) ? purged! : Number.POSITIVE_INFINITY;
  return { purged: known, moved: moved ?? known };
}

function verdictOf(claim: Claim, head: Position, movesOf: ReadonlyMap<string, Moves>): Verdict {
  if (claim.position.epoch !== head.epoch) return "changed";
  let verdict: Verdict = "valid";
  for (const tag of claim.tags) {
    const { purged, moved } = movesOf.get(tag)!;
    if (!(purged <= claim.position.seq)) return "changed";
    if (!(moved <= claim.position.seq)) verdict = "stale";
  }
  return verdict;
}
