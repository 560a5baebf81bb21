import type { NodeReport, NodesReport } from "@livecache/wire";
import { expect, test } from "vitest";
import { healthOf } from "./health.ts";

const NODE: NodeReport = {
  node: "a",
  pid: 1,
  startedAtMs: 0,
  nodeVersion: "v20",
  memory: { rssBytes: 0, heapUsedBytes: 0 },
  ground: { kind: "redis", state: "here", forMs: 1_000, advice: [] },
  hasPending: false,
  cache: {
    ...{ hits: 97, misses: 3, hitRatio: 0.97, stale: 0, errors: 0, patterns: [] },
    near: { entries: 1, bytes: 1, maxBytes: 1 },
  },
  live: {
    ...{ connections: 4, watches: 0, channels: 0, heldEvents: 0 },
    ...{ watchesRefused: 0, joinsRefused: 0, eventsDropped: 0, busiest: [] },
  },
};

const report = (node: Partial<NodeReport>, missing: readonly string[] = []): NodesReport => ({
  nodes: [{ ...NODE, ...node }],
  missing,
});

test("when all is well it is said in one sentence, with nothing to do", () => {
  expect(healthOf(report({}))).toEqual({
    level: "good",
    sentence:
      "All is well: 1 node on Redis, 97% of reads need no load, 4 sockets connected, and nothing waits.",
    advice: [],
  });
});

test("the worst comes first, and what else there is is counted", () => {
  const away = { ...NODE.ground, state: "away", cause: "connection lost" } as const;
  const { level, sentence, advice } = healthOf(report({ ground: away, hasPending: true }, ["b"]));
  expect(level).toBe("bad");
  expect(sentence).toMatch(
    /^1 node has been without Redis for 1 s; otherwise .*There are 2 things more to look at\.$/,
  );
  expect(advice.map(({ what }) => what)).toEqual([
    expect.stringContaining("without Redis"),
    expect.stringContaining("1 live node did not answer (b)"),
    expect.stringContaining("Changes wait"),
  ]);
  for (const { fix } of advice) expect(fix).not.toBe("");
});

test.each([
  ["a good deal of loads fails", { errors: 3, loads: 30 }, "warn", /10% of loads failed/],
  ["most loads fail", { errors: 30, loads: 40 }, "bad", /75% of loads failed/],
  ["much is stale", { stale: 40 }, "warn", /40% of answers were stale/],
  ["a few loads fail at the start", { errors: 1, loads: 2 }, "good", /^All is well/],
] as const)("when %s it says so", (...[, { loads = 0, ...counts }, level, words]) => {
  const pattern = {
    pattern: "p",
    answers: {},
    loads,
    loadErrors: 0,
    loadMsMean: 0,
    loadMsMost: 0,
    latency: {},
  };
  const health = healthOf(report({ cache: { ...NODE.cache, ...counts, patterns: [pattern] } }));
  expect([health.level, health.sentence]).toEqual([level, expect.stringMatching(words)]);
});

test("advice of the ground is passed on with its fix; what is no warning alarms nobody", () => {
  const advice = [
    { code: "version", isWarning: false, what: "it is old", why: "nobody repairs it", fix: "use `8`" },
  ];
  expect(healthOf(report({ ground: { ...NODE.ground, advice } }))).toMatchObject({
    level: "good",
    advice: [{ level: "note", what: "Redis: it is old", why: "Nobody repairs it.", fix: "Use `8`." }],
  });
});
