import { LiveError } from "@livecache/wire";
import { seededRandom } from "@livecache/rig";
import type { SeededRandom } from "@livecache/rig";
import { expect, test } from "vitest";
import type { Clock } from "../base/clock.ts";
import { createTasks } from "../base/tasks.ts";
import { createMemoryLimitStore } from "../memory/limit-store.ts";
import type { LimitStore } from "../ports/limit-store.ts";
import { defineLimit } from "./define-limit.ts";
import type { Limit } from "./define-limit.ts";
import { createLimits } from "./limits.ts";
import type { Limits } from "./limits.ts";

const WINDOW_MS = 6_000;

/** What became of a call: answered, or without an answer, and then applied, applied later on, or never. */
type Fate = "answered" | "applied" | "late" | "lost";

interface Node {
  readonly limits: Limits;
  isHere: boolean;
}

/** Nodes on one ground of which each call meets a fate, with a clock in the test's hand. */
async function openNodes(count: number, fateOf: () => Fate) {
  let nowMs = 1_000_000;
  let timers: { atMs: number; task: () => void }[] = [];
  const clock: Clock = {
    now: () => nowMs,
    wall: () => nowMs,
    after(delayMs, task) {
      const timer = { atMs: nowMs + delayMs, task };
      timers.push(timer);
      return () => void (timers = timers.filter((other) => other !== timer));
    },
  };
  const ground = createMemoryLimitStore(clock, () => undefined);
  const tasks = createTasks((error) => {
    throw error;
  });
  let late: (() => Promise<unknown>)[] = [];

  function meet<Input, Reply>(call: (input: Input) => Promise<Reply>): (input: Input) => Promise<Reply> {
    return async (input) => {
      const fate = fateOf();
      if (fate === "answered") return call(input);
      if (fate === "applied") await call(input);
      if (fate === "late") late.push(() => call(input));
      throw new LiveError("LIVE_GROUND_TIMEOUT", "no answer");
    };
  }

  const store: LimitStore = {
    take: meet(ground.take),
    peek: meet(ground.peek),
    charge: meet(ground.charge),
    block: meet(ground.block),
    forget: meet(ground.forget),
  };
  const { signal } = new AbortController();
  const nodes = Array.from({ length: count }, (): Node => {
    const node = { isHere: true };
    const changeLog = { lagging: async () => count };
    const isHere = () => node.isHere;
    return Object.assign(node, { limits: createLimits({ store, changeLog, isHere, clock, tasks, signal }) });
  });
  for (const { limits } of nodes)
    await limits.forget({
      policy: defineLimit({ name: "other", limit: 1, window: "1s" }),
      subject: "nobody",
    });
  await tasks.settled();
  return {
    nodes,
    nowMs: () => nowMs,
    async pass(ms: number): Promise<void> {
      nowMs += ms;
      const due = timers.filter(({ atMs }) => atMs <= nowMs);
      timers = timers.filter(({ atMs }) => atMs > nowMs);
      for (const { task } of due) task();
      await tasks.settled();
    },
    async applyLate(): Promise<void> {
      const now = late;
      late = [];
      for (const apply of now) await apply();
    },
  };
}

function sliding(limit: number, strict = false): Limit {
  return defineLimit({ name: "api", limit, window: `${WINDOW_MS}ms`, strict });
}

function gcra(limit: number, strict = false): Limit {
  return defineLimit({
    name: "api",
    limit,
    burst: limit,
    window: `${WINDOW_MS}ms`,
    algorithm: "gcra",
    strict,
  });
}

interface Given {
  readonly atMs: number;
  readonly cost: number;
  readonly node: number;
  readonly scope: "cluster" | "local";
}

/** The most that was given in any window. */
function mostOf(given: readonly Given[], isCounted: (one: Given) => boolean = () => true): number {
  let most = 0;
  let total = 0;
  const inside: Given[] = [];
  for (const one of given.filter(isCounted)) {
    inside.push(one);
    total += one.cost;
    while (inside[0]!.atMs <= one.atMs - WINDOW_MS) total -= inside.shift()!.cost;
    most = Math.max(most, total);
  }
  return most;
}

/** Weathers that change: good, slow, and away for one node or for all. */
function createWeather(random: SeededRandom) {
  let answered = 1;
  return {
    fateOf: (): Fate =>
      random.integer(100) < answered * 100 ? "answered" : random.pick(["applied", "late", "lost"] as const),
    change(nodes: readonly Node[]): void {
      answered = random.pick([1, 0.9, 0.5, 0.1, 0]);
      for (const node of nodes) node.isHere = random.integer(5) > 0;
    },
  };
}

/** What four nodes give of one subject, in a weather that changes, to whoever asks for much more. */
async function giveAll(policy: Limit, count: number, seed: number): Promise<Given[]> {
  const random = seededRandom(seed);
  const weather = createWeather(random);
  const site = await openNodes(count, weather.fateOf);
  const given: Given[] = [];
  for (let step = 0; step < 1_500; step++) {
    if (random.integer(25) === 0) weather.change(site.nodes);
    if (random.integer(4) === 0) await site.applyLate();
    await site.pass(random.integer(WINDOW_MS / 50));
    const asked = Array.from({ length: 1 + random.integer(4) }, async () => {
      const node = random.integer(count);
      const cost = 1 + random.integer(Math.min(3, policy.limit));
      const { allowed, scope } = await site.nodes[node]!.limits.take({ policy, subject: "ana", cost });
      if (allowed) given.push({ atMs: site.nowMs(), cost, node, scope });
    });
    await Promise.all(asked);
  }
  return given;
}

const SITES = [
  { count: 1, limit: 12 },
  { count: 4, limit: 40 },
  { count: 4, limit: 7 },
  { count: 7, limit: 3 },
].flatMap((site) => [1, 2, 3].map((seed) => ({ ...site, seed })));

const shareOf = (limit: number, count: number): number => Math.max(1, Math.floor(limit / count));

/** The most that one node gave in any window by itself. */
function mostLocal(given: readonly Given[], count: number): number {
  const ofNode = (node: number) => mostOf(given, (one) => one.scope === "local" && one.node === node);
  return Math.max(...Array.from({ length: count }, (_, node) => ofNode(node)));
}

test.each(SITES)(
  "sliding window of $limit, $count nodes, seed $seed: at most the limit, and a share each",
  async ({ count, limit, seed }) => {
    const given = await giveAll(sliding(limit), count, seed);
    const share = shareOf(limit, count);
    expect(mostLocal(given, count)).toBeGreaterThan(0);
    expect(mostLocal(given, count)).toBeLessThanOrEqual(share);
    expect(mostOf(given, ({ scope }) => scope === "cluster")).toBeLessThanOrEqual(limit);
    expect(mostOf(given)).toBeLessThanOrEqual(limit + count * share);
  },
);

test.each(SITES)(
  "GCRA of $limit, $count nodes, seed $seed: the same of the burst and what comes back",
  async ({ count, limit, seed }) => {
    const given = await giveAll(gcra(limit), count, seed);
    const share = shareOf(limit, count);
    expect(mostLocal(given, count)).toBeLessThanOrEqual(2 * share);
    expect(mostOf(given)).toBeLessThanOrEqual(2 * (limit + count * share));
  },
);

test.each(SITES)(
  "strict, $count nodes, $limit, seed $seed: at most the limit",
  async ({ count, limit, seed }) => {
    const windows = await giveAll(sliding(limit, true), count, seed);
    expect(mostOf(windows)).toBe(limit);
    const spread = await giveAll(gcra(limit, true), count, seed);
    expect(spread.filter(({ scope }) => scope === "local")).toEqual([]);
    expect(mostOf(spread)).toBeLessThanOrEqual(2 * limit);
  },
);

test("the bound cannot be lower: whoever is not answered gives its share, and the ground all it has", async () => {
  let fate: Fate = "lost";
  const site = await openNodes(4, () => fate);
  const policy = sliding(40);
  const take = async ({ limits }: Node, times: number): Promise<number> => {
    const replies = await Promise.all(
      Array.from({ length: times }, () => limits.take({ policy, subject: "ana" })),
    );
    return replies.filter(({ allowed }) => allowed).length;
  };
  const [first, ...others] = site.nodes as [Node, ...Node[]];
  for (const node of others) expect(await take(node, 50)).toBe(10);
  fate = "answered";
  expect(await take(first, 50)).toBe(40);
  // What they gave is told, so that the ground gives nothing more.
  for (const node of others) expect(await take(node, 50)).toBe(0);
  fate = "lost";
  for (const node of site.nodes) expect(await take(node, 50)).toBe(0);
});

test("what may have been given back is not given back twice", async () => {
  let fate: Fate = "lost";
  const site = await openNodes(1, () => fate);
  const [{ limits }] = site.nodes as [Node];
  const call = { policy: sliding(8), subject: "ana" };
  await limits.take(call);
  await limits.take(call);
  fate = "answered";
  expect((await limits.take(call)).remaining).toBe(5);
  fate = "lost";
  await limits.penalty({ ...call, points: 2 });
  fate = "applied";
  await limits.reward(call);
  fate = "answered";
  // Of the penalty it is not known either whether it counts: it counts twice, and what was given back once.
  expect((await limits.peek(call)).remaining).toBe(2);
});
