import type { EventMeta, JoinReply, Position, ResyncFrame, StaleFrame, WatchReply } from "@livecache/wire";
import { onTestFinished } from "vitest";
import type { Broadcast } from "../../src/base/conversation.ts";
import { identityDigest } from "../../src/base/identity.ts";
import type { Identity } from "../../src/base/identity.ts";
import { randomWord } from "../../src/base/ids.ts";
import { dependenciesOf, movedBy } from "../../src/base/names.ts";
import { createSignals } from "../../src/base/signals.ts";
import { createTasks } from "../../src/base/tasks.ts";
import { createHub } from "../../src/live/hub.ts";
import type { Hub, HubParts } from "../../src/live/hub.ts";
import { createQueryTokens } from "../../src/live/query-token.ts";
import type { QueryTokens } from "../../src/live/query-token.ts";
import { createMemoryGround } from "../../src/memory/ground.ts";
import type { ChangeLog, ChangeRecord, OutgoingEvent } from "../../src/ports/change-log.ts";
import type { Realm } from "../../src/ports/ground.ts";
import { createManualClock } from "./manual-clock.ts";
import type { ManualClock } from "./manual-clock.ts";

/** Somebody connected to a hub, and everything that was sent there, in order. */
export interface Client {
  readonly sent: Sent[];
  readonly rooms: ReadonlySet<string>;
  watch(request: unknown): Promise<WatchReply>;
  join(request: unknown): Promise<JoinReply>;
  unwatch(request: unknown): Promise<void>;
  leave(request: unknown): Promise<void>;
  /** The identity has changed. */
  reconsider(): Promise<void>;
  close(): void;
}

export type Sent =
  | { readonly type: "watched"; readonly reply: WatchReply }
  | { readonly type: "joined"; readonly reply: JoinReply }
  | { readonly type: "stale"; readonly frame: StaleFrame }
  | { readonly type: "resync"; readonly frame: ResyncFrame }
  | { readonly type: "event"; readonly name: string; readonly data: unknown; readonly meta: EventMeta };

/** One node: a hub over a memory ground, with its tail, its clock and the ground's faults in the test's hands. */
export interface HubNode {
  readonly hub: Hub;
  readonly clock: ManualClock;
  readonly tokens: QueryTokens;
  readonly changeLog: ChangeLog;
  readonly warnings: string[];
  /** Calls of the change log that reject, by name. */
  readonly faults: Map<keyof ChangeLog, Error>;
  /** While true, records wait in {@link HubNode.waiting} instead of being applied. */
  holdsBack: boolean;
  readonly waiting: ChangeRecord[];
  /** Applies what waits. */
  catchUp(): void;
  /** Forgets what waits, and stands at the log's end, as after a lost log. */
  loseSight(): Promise<void>;
  change(tags: readonly string[], events?: readonly OutgoingEvent[]): Promise<Position>;
  /** Caches a response and answers its token. */
  respond(response: Response): Promise<string>;
  /** A function says who it is now. */
  connect(identity?: Identity | (() => Identity | undefined)): Client;
}

/** A response to cache: what it depends on, and whose it is. */
export interface Response {
  readonly key: string;
  readonly tags?: string[];
  readonly vary?: string[];
  readonly identity?: Identity;
}

const SECRET = "0123456789abcdef0123456789abcdef";

export const CONTRACT = {
  channels: { "hostel/:hostelId": { events: {} }, "hostel/all": { events: {} }, news: { events: {} } },
};

/** Starts a node, and ends it with the test. Several nodes may share a realm. */
export function startHubNode(
  given: Partial<Pick<HubParts, "authorize" | "limits" | "judge" | "contract">> & {
    realm?: Realm;
    name?: string;
  } = {},
): HubNode {
  const clock = createManualClock();
  const realm = given.realm ?? createMemoryGround().realm("main");
  const faults: HubNode["faults"] = new Map();
  const changeLog = withFaults(realm.changeLog, faults);
  const warnings: string[] = [];
  const tasks = createTasks((error) => warnings.push(`task: ${String(error)}`));
  const tokens = createQueryTokens([SECRET]);
  const clients = new Set<Client>();
  let applied: Position | undefined;

  const hub = createHub({
    ...{ changeLog, lane: realm.lane, tokens, clock, tasks },
    contract: CONTRACT,
    authorize: async () => true,
    judge: async (claim) => (await changeLog.judge([claim])).verdicts[0]!,
    applied: () => applied,
    require: () => undefined,
    signals: createSignals("n1"),
    warn: (message) => warnings.push(message),
    ...given,
  });
  hub.addBroadcaster({
    send: (told) => clients.forEach((client) => send(client, told)),
  });

  const node: HubNode = {
    hub,
    clock,
    tokens,
    changeLog: realm.changeLog,
    warnings,
    faults,
    holdsBack: false,
    waiting: [],
    catchUp() {
      node.holdsBack = false;
      for (const record of node.waiting.splice(0)) {
        applied = record.position;
        hub.apply(record);
      }
    },
    async loseSight() {
      node.waiting.length = 0;
      node.holdsBack = false;
      standAt(await realm.changeLog.position());
    },
    change: (tags, events) => change(realm.changeLog, tags, events),
    respond: (response) => respond(realm, tokens, response),
    connect(identity) {
      const client = connectClient(hub, identity);
      clients.add(client);
      return client;
    },
  };

  const standAt = (position: Position): void => {
    applied = position;
    hub.reset(position);
  };
  const tail = realm.changeLog.tail({
    node: given.name ?? "n1",
    onEvent(told) {
      if (told.type === "start") standAt(told.position);
      if (told.type !== "records") return;
      node.waiting.push(...told.records);
      if (!node.holdsBack) node.catchUp();
    },
  });
  onTestFinished(async () => {
    await hub.close();
    await tail.close();
    await tasks.settled();
  });
  return node;
}

function send({ rooms, sent }: Client, { channel, frame, args: [body, meta] }: Broadcast): void {
  if (rooms.has(channel)) sent.push(toSent(frame, body, meta));
}

function change(
  changeLog: ChangeLog,
  tags: readonly string[],
  events: readonly OutgoingEvent[] = [],
): Promise<Position> {
  const changeId = `change-${randomWord(8)}`;
  return changeLog.append({ changeId, origin: "test", tags: tags.flatMap(movedBy), mode: "purge", events });
}

async function respond(realm: Realm, tokens: QueryTokens, response: Response): Promise<string> {
  const { key, tags = [], vary = [], identity } = response;
  const begun = await realm.cacheStore.begin({ key, leaseMs: 1_000 });
  if (begun.state !== "granted") throw new Error(`not granted: ${begun.state}`);
  const { lease, position } = begun;
  const entry = { tags: dependenciesOf(key, tags), value: Buffer.from("{}") };
  const lives = { ttlMs: 60_000, keepMs: 60_000 };
  await realm.cacheStore.commit({ key, lease, position, ...entry, ...lives });
  return tokens.mint({ key, tags, position, vary, digest: identityDigest(identity, vary), push: false })!;
}

function connectClient(hub: Hub, identity: Identity | (() => Identity | undefined) | undefined): Client {
  const sent: Sent[] = [];
  const rooms = new Set<string>();
  const connection = hub.connect({
    id: randomWord(8),
    address: undefined,
    userAgent: undefined,
    identity: () => (typeof identity === "function" ? identity() : identity),
    emit: (frame, body, meta) => sent.push(toSent(frame, body, meta)),
    enter: (channel) => rooms.add(channel),
    exit: (channel) => rooms.delete(channel),
    end: () => undefined,
  });
  const ask = async (frame: keyof typeof connection.frames, request: unknown): Promise<object> => {
    let answer = {};
    await connection.frames[frame](request, (reply) => {
      answer = reply;
      if (frame === "watch") sent.push({ type: "watched", reply: reply as WatchReply });
      if (frame === "join") sent.push({ type: "joined", reply: reply as JoinReply });
    });
    return answer;
  };
  return {
    sent,
    rooms,
    watch: async (request) => (await ask("watch", request)) as WatchReply,
    join: async (request) => (await ask("join", request)) as JoinReply,
    unwatch: async (request) => void (await ask("unwatch", request)),
    leave: async (request) => void (await ask("leave", request)),
    reconsider: () => connection.reconsider(),
    close: () => connection.close(),
  };
}

function toSent(frame: string, body: unknown, meta: unknown): Sent {
  if (frame === "stale") return { type: "stale", frame: body as StaleFrame };
  if (frame === "resync") return { type: "resync", frame: body as ResyncFrame };
  return { type: "event", name: frame, data: body, meta: meta as EventMeta };
}

function withFaults(changeLog: ChangeLog, faults: HubNode["faults"]): ChangeLog {
  const failing = <K extends keyof ChangeLog>(name: K): ChangeLog[K] =>
    ((...args: never[]) => {
      const fault = faults.get(name);
      if (fault) return Promise.reject(fault);
      return (changeLog[name] as (...given: never[]) => unknown)(...args);
    }) as ChangeLog[K];
  return {
    ...changeLog,
    judge: failing("judge"),
    subscribe: failing("subscribe"),
    cursor: failing("cursor"),
    history: failing("history"),
    position: failing("position"),
  };
}

/** What a client was sent, in words short enough to compare. */
export function told(client: Client): string[] {
  return client.sent.map((sent) => {
    if (sent.type === "event") return `${sent.name} ${JSON.stringify(sent.data)}`;
    if (sent.type === "resync") return `resync ${sent.frame.reason} ${sent.frame.cursor.split("-")[1]}`;
    if (sent.type === "joined") return `joined ${sent.reply.cursor.split("-")[1]}`;
    return sent.type === "watched" ? `watched ${sent.reply.state}` : `stale ${sent.frame.id}`;
  });
}

export function event(channel: string, name: string, data: unknown): OutgoingEvent {
  const kept = { maxEvents: 500, maxAgeMs: 600_000 };
  return { channel, name, body: JSON.stringify(data), kept };
}
