import { LiveError, parseCursor } from "@livecache/wire";
import type { Cursor } from "@livecache/wire";
import { seededRandom } from "@livecache/rig";
import type { SeededRandom } from "@livecache/rig";
import { expect, test, vi } from "vitest";
import { createMemoryGround } from "../../src/memory/ground.ts";
import type { ChangeLog } from "../../src/ports/change-log.ts";
import { event, startHubNode } from "../socketio/hub-node.ts";
import type { Client, HubNode, Sent } from "../socketio/hub-node.ts";

const CHANNELS = ["news", "hostel/all"];

/** How often, in per cent, a link does something wrong while it is faulty. */
const WRONG = { drop: 15, repeat: 5, late: 20, fail: 25 };

/** A change log as one node sees it over a bad link. `heal` makes the link good, and lets through what was late. */
function overBadLink(log: ChangeLog, random: SeededRandom): { log: ChangeLog; heal: () => void } {
  let isBad = true;
  const late: (() => void)[] = [];
  const happens = (perCent: number): boolean => isBad && random.integer(100) < perCent;
  const failing =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    (...args: A): Promise<R> =>
      happens(WRONG.fail) ? Promise.reject(new LiveError("LIVE_GROUND_AWAY", "a bad link")) : call(...args);
  return {
    log: {
      ...log,
      history: failing(log.history),
      cursor: failing(log.cursor),
      position: failing(log.position),
      subscribe: failing((channel, onEvent) =>
        log.subscribe(channel, (told) => {
          if (happens(WRONG.drop)) return;
          if (happens(WRONG.late)) late.push(() => onEvent(told));
          else onEvent(told);
          if (happens(WRONG.repeat)) onEvent(told);
          while (happens(30)) late.shift()?.();
        }),
      ),
    },
    heal() {
      isBad = false;
      for (const tell of late.splice(0)) tell();
    },
  };
}

/** Somebody who comes and goes, always with the cursor they have, and notes what is against the rules. */
interface Visitor {
  client: Client | undefined;
  readonly cursors: Map<string, Cursor>;
  /** The cursor that each channel was resumed from last. */
  readonly presented: Map<string, Cursor | undefined>;
  readonly faults: string[];
  /** Events told again by a server that lagged for too long: the protocol lets clients drop them. */
  repeated: number;
  told: number;
  read: number;
  noticed: number;
}

function note(visitor: Visitor, sent: Sent): void {
  if (sent.type === "joined") {
    const { channel, cursor, resumed } = sent.reply;
    const held = visitor.cursors.get(channel);
    const place = parseCursor(cursor)!;
    if (resumed && (held?.epoch !== place.epoch || held.offset !== place.offset))
      visitor.faults.push("resumed elsewhere");
    if (!resumed && held) visitor.noticed++;
    visitor.presented.set(channel, resumed ? held : undefined);
    visitor.cursors.set(channel, place);
  } else if (sent.type === "resync") {
    visitor.noticed++;
    visitor.cursors.set(sent.frame.channel, parseCursor(sent.frame.cursor)!);
  } else if (sent.type === "event") {
    const held = visitor.cursors.get(sent.meta.channel)!;
    const place = parseCursor(sent.meta.cursor)!;
    visitor.told++;
    const presented = visitor.presented.get(sent.meta.channel);
    const isKnown = place.epoch === held.epoch && place.offset <= held.offset;
    if (isKnown && presented?.epoch === place.epoch && place.offset <= presented.offset) {
      visitor.repeated++;
      return;
    }
    if (place.epoch !== held.epoch || place.offset !== held.offset + 1) {
      visitor.faults.push(`${sent.meta.channel}: ${sent.meta.cursor} after ${held.epoch}-${held.offset}`);
    }
    if (sent.data !== place.offset) visitor.faults.push(`event ${place.offset} says ${String(sent.data)}`);
    visitor.cursors.set(sent.meta.channel, place);
  }
}

function takeIn(visitor: Visitor): void {
  const { client } = visitor;
  if (!client) return;
  for (; visitor.read < client.sent.length; visitor.read++) note(visitor, client.sent[visitor.read]!);
}

function leave(visitor: Visitor): void {
  takeIn(visitor);
  visitor.client?.close();
  visitor.client = undefined;
}

async function come(visitor: Visitor, node: HubNode): Promise<void> {
  leave(visitor);
  visitor.client = node.connect();
  visitor.read = 0;
  for (const channel of CHANNELS) {
    const state = { isAnswered: false };
    const joined = joinOnce(visitor, channel).finally(() => (state.isAnswered = true));
    while (!state.isAnswered) {
      for (let turn = 0; turn < 20 && !state.isAnswered; turn++) await undefined;
      if (!state.isAnswered) node.clock.advance(100);
    }
    await joined;
  }
}

async function joinOnce(visitor: Visitor, channel: string): Promise<boolean> {
  const held = visitor.cursors.get(channel);
  const cursor = held && { cursor: `${held.epoch}-${held.offset}` };
  const joined = visitor.client!.join({ channel, ...cursor }).then(
    () => true,
    () => false,
  );
  const isIn = await joined;
  takeIn(visitor);
  return isIn;
}

async function storm(seed: number, plant: (log: ChangeLog) => ChangeLog = (log) => log) {
  const random = seededRandom(seed);
  const realm = createMemoryGround().realm("main");
  const links = [0, 1].map(() => overBadLink(plant(realm.changeLog), random));
  const nodes = links.map(({ log }, index) =>
    startHubNode({ realm: { ...realm, changeLog: log }, name: `n${index}` }),
  );
  const visitors = Array.from({ length: 4 }, (): Visitor => ({
    client: undefined,
    cursors: new Map(),
    presented: new Map(),
    faults: [],
    repeated: 0,
    told: 0,
    read: 0,
    noticed: 0,
  }));
  const published = new Map<string, number>();
  const publish = async (channel: string): Promise<void> => {
    published.set(channel, (published.get(channel) ?? 0) + 1);
    const { epoch, offset } = await realm.changeLog.cursor(channel);
    await nodes[0]!.change([], [event(channel, "item", offset + 1)]);
    expect((await realm.changeLog.cursor(channel)).epoch).toBe(epoch);
  };
  for (let step = 0; step < 60; step++) {
    const node = random.pick(nodes);
    const act = random.integer(100);
    if (act < 50) await publish(random.pick(CHANNELS));
    else if (act < 70) await come(random.pick(visitors), node);
    else if (act < 78) leave(random.pick(visitors));
    else if (act < 88) node.holdsBack = !node.holdsBack;
    else if (act < 92) node.catchUp();
    else if (act < 94) await realm.changeLog.renewEpoch((await realm.changeLog.position()).epoch);
    else node.clock.advance(random.integer(2_000));
  }
  for (const { heal } of links) heal();
  for (const node of nodes) node.catchUp();
  for (const channel of CHANNELS) await publish(channel);
  for (const visitor of visitors) await come(visitor, random.pick(nodes));
  const ends = new Map<string, Cursor>();
  for (const channel of CHANNELS) ends.set(channel, await realm.changeLog.cursor(channel));
  const isThere = (visitor: Visitor): boolean => {
    takeIn(visitor);
    return CHANNELS.every((channel) => {
      const [held, end] = [visitor.cursors.get(channel), ends.get(channel)!];
      return held?.epoch === end.epoch && held.offset === end.offset;
    });
  };
  await vi.waitUntil(
    async () => {
      for (const node of nodes) node.clock.advance(600);
      return visitors.every(isThere);
    },
    { timeout: 5_000, interval: 1 },
  );
  const sum = (name: "noticed" | "told"): number =>
    visitors.reduce((total, visitor) => total + visitor[name], 0);
  const faults = visitors.flatMap((visitor) => visitor.faults);
  return { faults, noticed: sum("noticed"), told: sum("told") };
}

test("G4: over bad links, restarts and new epochs nobody gets an event twice, out of order, or misses one unnoticed", async () => {
  const seeds = Array.from({ length: Number(process.env["STORMS"] ?? 300) }, (_, index) => index + 1);
  const wrong: string[] = [];
  const sums = { noticed: 0, told: 0 };
  for (const seed of seeds) {
    const { faults, ...counts } = await storm(seed).catch((cause: unknown) => {
      throw new Error(`seed ${seed}: not everybody stands at the end`, { cause });
    });
    if (faults.length > 0) wrong.push(`seed ${seed}: ${faults.slice(0, 3).join("; ")}`);
    for (const name of Object.keys(sums) as (keyof typeof sums)[]) sums[name] += counts[name];
  }
  expect(wrong).toEqual([]);
  // Otherwise the storm is no storm.
  expect(sums.told).toBeGreaterThan(20 * seeds.length);
  expect(sums.noticed).toBeGreaterThan(seeds.length);
}, 1_200_000);

test.each<[string, (log: ChangeLog) => ChangeLog]>([
  [
    "leaves the first event of a history out",
    (log) => ({
      ...log,
      history: async (channel, query) => {
        const reply = await log.history(channel, query);
        return { ...reply, events: reply.events.slice(1) };
      },
    }),
  ],
  [
    "answers a history in the wrong order",
    (log) => ({
      ...log,
      history: async (channel, query) => {
        const reply = await log.history(channel, query);
        return { ...reply, events: [...reply.events].reverse() };
      },
    }),
  ],
  [
    "tells other events under old cursors",
    (log) => ({
      ...log,
      subscribe: (channel, onEvent) =>
        log.subscribe(channel, (told) => onEvent({ ...told, body: String(told.cursor.offset - 1) })),
    }),
  ],
])("the storm finds a log that %s", async (_what, plant) => {
  const found: string[] = [];
  for (let seed = 1; seed <= 40 && found.length === 0; seed++) {
    const { faults } = await storm(seed, plant).catch((error: unknown) => ({ faults: [String(error)] }));
    found.push(...faults);
  }
  expect(found).not.toEqual([]);
});
