import { LiveError } from "@livecache/wire";
import type { Cursor, Position } from "@livecache/wire";
import type { Cancel } from "../base/clock.ts";
import type {
  ChangeInput,
  ChangeLog,
  ChangeRecord,
  ChannelEvent,
  HistoryGap,
  HistoryQuery,
  HistoryReply,
  SourceStep,
  Tail,
  TailReader,
} from "../ports/change-log.ts";
import type { Follower, KeptChannel, RealmState } from "./state.ts";

/** How often an idle tail says that it has heard everything. */
const HEARD_EVERY_MS = 250;

const KEPT_NOTHING = { maxEvents: 0, maxAgeMs: 0 };

/** The change log of one realm, in this process. */
export function createMemoryChangeLog(state: RealmState, guard: () => void): ChangeLog {
  const { followers, channels, sources } = state;
  return {
    async append(change) {
      guard();
      return append(state, change);
    },
    async position() {
      guard();
      return state.head();
    },
    async sourcePlace(name) {
      guard();
      return sources.get(name)?.place;
    },
    tail(reader) {
      guard();
      return follow(state, reader);
    },
    async acknowledge(node, position) {
      guard();
      const follower = followers.get(node);
      if (follower && position.epoch === state.head().epoch) {
        follower.acknowledged = Math.max(follower.acknowledged, position.seq);
      }
    },
    async nodes() {
      guard();
      return [...followers.keys()].sort();
    },
    async lagging(position) {
      guard();
      return [...followers.values()].filter((follower) => follower.acknowledged < position.seq).length;
    },
    async judge(claims) {
      guard();
      return { position: state.head(), verdicts: claims.map((claim) => state.judge(claim)) };
    },
    async subscribe(name, onEvent, missed) {
      guard();
      const target = channelOf(state, name);
      target.listeners.add(onEvent);
      return {
        cursor: { epoch: state.head().epoch, offset: target.offset },
        position: state.head(),
        missed: missed && readHistory(state, name, missed),
        close() {
          target.listeners.delete(onEvent);
          return Promise.resolve();
        },
      };
    },
    async cursor(name) {
      guard();
      return { epoch: state.head().epoch, offset: channels.get(name)?.offset ?? 0 };
    },
    async history(name, query) {
      guard();
      return readHistory(state, name, query);
    },
    async renewEpoch(from) {
      guard();
      if (state.head().epoch !== from) return state.head().epoch;
      const epoch = state.renewEpoch();
      for (const target of channels.values()) target.offset = 0;
      for (const { reader } of followers.values()) reader.onEvent({ type: "start", position: state.head() });
      return epoch;
    },
  };
}

function append(state: RealmState, change: ChangeInput): Position {
  const { changeId, origin, tags, mode, trace, awaited, source, events } = change;
  const done = findStep(state, source) ?? findRetried(state, change);
  if (done) return done;
  const { previous, position } = state.advance();
  if (source) state.sources.set(source.name, { place: source.place, position });
  for (const tag of tags) state.moveTag(tag, position.seq, mode);
  const touched = [...new Set(events.map((event) => event.channel))];
  const stands = { position, previous, changeId, origin };
  const record: ChangeRecord = {
    ...stands,
    ...{ tags, mode, channels: touched, trace },
    ...(awaited ? { awaited } : {}),
  };
  state.remember(record);
  const numbered = number(state, change, position);
  tellFollowers(state, record);
  for (const event of numbered) publish(state, event);
  return position;
}

function readHistory(state: RealmState, name: string, query: HistoryQuery): HistoryReply {
  const position = state.head();
  const cursor = { epoch: position.epoch, offset: state.channels.get(name)?.offset ?? 0 };
  const found = gapBefore(query.after, cursor) ?? state.histories.after(name, cursor.offset, query);
  return typeof found === "string"
    ? { cursor, position, events: [], gap: found }
    : { cursor, position, events: found };
}

function gapBefore(after: Cursor, { epoch, offset }: Cursor): HistoryGap | undefined {
  if (after.epoch !== epoch) return "epoch";
  return after.offset > offset ? "lost" : undefined;
}

function channelOf({ channels }: RealmState, name: string): KeptChannel {
  const known = channels.get(name);
  if (known) return known;
  const fresh: KeptChannel = { offset: 0, listeners: new Set() };
  channels.set(name, fresh);
  return fresh;
}

/** Tells every follower of a record. */
export function tellFollowers({ clock, followers }: RealmState, record: ChangeRecord): void {
  const askedAtMs = clock.now();
  for (const { reader } of followers.values()) {
    reader.onEvent({ type: "records", records: [record] });
    reader.onEvent({ type: "heard", askedAtMs });
  }
}

/** Gives each event its offset, before anybody is told of the change. */
function number(state: RealmState, { events, changeId }: ChangeInput, position: Position): ChannelEvent[] {
  return events.map(({ channel, name, body: written, kept = KEPT_NOTHING, note }) => {
    const cursor = { epoch: position.epoch, offset: ++channelOf(state, channel).offset };
    const unread = note && state.notes.apply(note, written, position.seq);
    const body = unread === undefined ? written : `{"unread":${unread},${written.slice(1)}`;
    const event = { channel, name, body, cursor, position, changeId };
    state.histories.add(event, kept);
    return event;
  });
}

function publish(state: RealmState, event: ChannelEvent): void {
  for (const listener of channelOf(state, event.channel).listeners) listener(event);
}

/** The position of a change that a retry finds in the log already. */
function findRetried(state: RealmState, change: ChangeInput): Position | undefined {
  const after = change.retryAfter;
  if (!after) return undefined;
  const done = state.records.findLast((record) => record.changeId === change.changeId);
  // Sequences grow over epochs: it is found also when the epoch was renewed before the node had heard of it.
  const isDone = done !== undefined && done.position.seq > after.seq;
  return isDone ? { epoch: state.head().epoch, seq: done.position.seq } : undefined;
}

/** The position of a step of a source that the log has made already; refuses one that does not follow on where the source stands. */
function findStep({ sources }: RealmState, step: SourceStep | undefined): Position | undefined {
  if (!step) return undefined;
  const { place, position } = sources.get(step.name) ?? {};
  if (place === step.place) return position;
  if (place === step.after) return undefined;
  throw new LiveError(
    "LIVE_SOURCE_MOVED",
    `Source ${step.name}: expected the log to stand at ${step.after ?? "no place"}, received ${place ?? "no place"}.`,
    { details: { source: step.name, place } },
  );
}

function follow({ clock, followers, head }: RealmState, reader: TailReader): Tail {
  let cancel: Cancel = () => undefined;
  const follower: Follower = {
    reader,
    acknowledged: head().seq,
    end() {
      cancel();
      if (followers.get(reader.node) === follower) followers.delete(reader.node);
    },
  };
  followers.set(reader.node, follower);
  reader.onEvent({ type: "start", position: head() });
  const hear = (): void => {
    reader.onEvent({ type: "heard", askedAtMs: clock.now() });
    cancel = clock.after(HEARD_EVERY_MS, hear);
  };
  hear();
  return {
    async close() {
      follower.end();
    },
  };
}
