import { ONLY_CURRENT, findStale, mayLag, seededRandom, until } from "@livecache/rig";
import type { ReadRecord, WriteRecord } from "@livecache/rig";
import { isLiveError } from "@livecache/wire";
import { joinAs } from "../live/member.ts";
import type { TestMember } from "../live/member.ts";
import type { FleetNode } from "./fleet.ts";

/** Work that goes on until it is stopped, and says then what must not have happened. */
export interface Load {
  /** How many steps have been made without an error. */
  steps(): number;
  stop(): Promise<readonly string[]>;
}

type Nodes = readonly FleetNode[];

/** Between two steps: enough of them are under way at any moment, and the machine does other things as well. */
const PAUSE_MS = 8;

/** Makes a load of steps that follow one another, each with a short pause behind it. Errors that pass are part of life. */
function repeat(step: (index: number) => Promise<unknown>): Load {
  const over = new AbortController();
  let steps = 0;
  async function run(): Promise<void> {
    while (!over.signal.aborted) {
      try {
        await step(steps);
        steps++;
      } catch (error) {
        if (!isLiveError(error) || !error.retryable) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
  const running = run();
  // It is told by `stop`.
  running.catch(() => undefined);
  return {
    steps: () => steps,
    async stop() {
      over.abort();
      await running;
      return [];
    },
  };
}

const ROWS = ["a", "b", "c", "d"];
/** How long the memory of a node may lag. */
const LEASE_MS = 1_000;

/** Rows are written on each node in turn, and values made from them are read on all; the judge is that of the races. */
export function loadCache(nodes: Nodes, seed = 1): Load {
  const random = seededRandom(seed);
  const origin = new Map(ROWS.map((row) => [row, 0]));
  const writes: WriteRecord[] = [];
  const reads: ReadRecord[] = [];
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random.next() * list.length)]!;

  async function write(): Promise<void> {
    const [live, row] = [pick(nodes), pick(ROWS)];
    const version = origin.get(row)! + 1;
    origin.set(row, version);
    const { pending } = await live.change({ tags: [row] });
    const told = pending ? { toldHereAtMs: performance.now() } : { toldAtMs: performance.now() };
    writes.push({ row, version, node: live.node, mode: "purge", applied: false, ...told });
  }

  async function read(): Promise<void> {
    const [live, row] = [pick(nodes), pick(ROWS)];
    const beganAtMs = performance.now();
    const load = async () => {
      const versions = { [row]: origin.get(row)! };
      await new Promise((resolve) => setTimeout(resolve, random.next() * 3));
      return versions;
    };
    const { value, reason } = await live.cache.resolve(`value:${row}`, load, {
      ttl: "1m",
      tags: [row],
    });
    reads.push({
      ...{ node: live.node, key: row, beganAtMs, versions: value, reason, accepts: ONLY_CURRENT },
      ...{ mayLag: mayLag({ source: reason === "hit-near" ? "near" : "", reason }), behindFence: false },
    });
  }

  const loads = [repeat(write), repeat(read), repeat(read), repeat(read)];
  return {
    steps: () => Math.min(...loads.map((load) => load.steps())),
    async stop() {
      for (const load of loads) await load.stop();
      return findStale(writes, reads, LEASE_MS).map(
        ({ rule, read: { node, key, reason, versions }, write: missed }) =>
          `stale (${rule}): ${node} answered ${key} ${reason} of ${JSON.stringify(versions)} after ${missed?.version} was told`,
      );
    },
  };
}

/**
 * Events with numbers, told on one node to members on all. What was heard has no hole without a word about it, and no repetition. Those that
 * were pending are told when they can be, which may be after others, or of which nobody knows what became: they are left out.
 */
export async function loadEvents(nodes: Nodes, room = "1"): Promise<Load> {
  const members: TestMember[] = [];
  for (const node of nodes) members.push(await joinAs(node, { channel: `room/${room}` }));
  let number = 0;
  const unsure = new Set<unknown>();
  const load = repeat(async () => {
    const mine = ++number;
    const event = nodes[0]!.event("room/:id", { id: room }, "told", mine);
    unsure.add(mine);
    const { pending } = await nodes[0]!.change({ emit: [event] });
    if (!pending) unsure.delete(mine);
  });
  return {
    steps: load.steps,
    async stop() {
      await load.stop();
      return members.flatMap(({ sent }, index) =>
        gapsIn(sent, unsure).map((gap) => `member ${index}: ${gap}`),
      );
    },
  };
}

/** Holes and repetitions in what a member heard that nothing was said about. */
export function gapsIn(
  sent: readonly unknown[],
  unsure: ReadonlySet<unknown> = new Set(),
): readonly string[] {
  const found: string[] = [];
  let last: number | undefined;
  for (const one of sent) {
    if (one === "resync") last = undefined;
    if (typeof one !== "number" || unsure.has(one)) continue;
    let next = (last ?? one - 1) + 1;
    while (unsure.has(next)) next++;
    if (one !== next) found.push(`${one} after ${last}`);
    last = one;
  }
  return found;
}

const inAnHour = (): number => Date.now() + 3_600_000;

/** Tokens are revoked on each node in turn, and tried ever after: at once where it was revoked, elsewhere when the news must have come. */
export function loadTokens(nodes: Nodes): Load {
  const revoked: { readonly jti: string; readonly node: FleetNode; readonly atMs: number }[] = [];
  const found: string[] = [];
  const tryAll = (): void => {
    for (const live of nodes) {
      for (const { jti, node, atMs } of revoked) {
        const isDue = node === live || performance.now() > atMs + LEASE_MS;
        if (isDue && live.tokens.check({ jti }) === "valid") found.push(`${live.node} accepted ${jti}`);
      }
    }
  };
  const load = repeat(async () => {
    const node = nodes[revoked.length % nodes.length]!;
    const jti = `token-${revoked.length}`;
    await node.tokens.revoke(jti, inAnHour());
    revoked.push({ jti, node, atMs: performance.now() });
  });
  const trying = repeat(async () => tryAll());
  return {
    steps: load.steps,
    async stop() {
      await load.stop();
      await trying.stop();
      tryAll();
      return found;
    },
  };
}

const HOUR_MS = 3_600_000;

/**
 * Sessions are begun on one node and ended on another; none that was ended is ever read again where it was ended, nor elsewhere as soon as
 * the news must have come: a node may still talk to a primary that was replaced.
 */
export function loadSessions(nodes: Nodes): Load {
  const found: string[] = [];
  const ended: { readonly id: string; readonly node: FleetNode; readonly atMs: number }[] = [];
  let count = 0;
  const at = (index: number): FleetNode => nodes[index % nodes.length]!;
  const readAgain = async (live: FleetNode, { id, node, atMs }: (typeof ended)[number]): Promise<void> => {
    const isDue = node === live || performance.now() > atMs + LEASE_MS;
    const session = await live.sessions.read(id);
    if (session && isDue) found.push(`${live.node} read ${id}, which had been ended`);
  };
  const load = repeat(async () => {
    const id = `session-${++count}`;
    const node = at(count + 1);
    await at(count).sessions.create(id, { userId: `user-${count % 5}`, idleMs: HOUR_MS });
    await node.sessions.read(id);
    if (count % 3 === 0) await node.sessions.endAll(`user-${count % 5}`);
    else await node.sessions.end(id);
    ended.push({ id, node, atMs: performance.now() });
  });
  const reading = repeat(async (index) => {
    const one = ended[Math.floor((ended.length * (index % 7)) / 7)];
    if (one) await readAgain(at(index), one);
  });
  return {
    steps: load.steps,
    async stop() {
      await load.stop();
      await reading.stop();
      const lastAtMs = ended.at(-1)?.atMs ?? 0;
      await until(() => performance.now() > lastAtMs + LEASE_MS, {
        what: "the news of the last ending must have come",
        withinMs: 10 * LEASE_MS,
      });
      for (const one of ended) for (const live of nodes) await readAgain(live, one).catch(() => undefined);
      return found;
    },
  };
}
