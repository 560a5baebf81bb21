import type { NodeFacts, NodeReport, RequestFacts } from "@livecache/wire";
import { expect, test } from "vitest";
import { checkNodes } from "./check-nodes.ts";
import type { Heard } from "./check-nodes.ts";
import { checkProxy } from "./check-proxy.ts";
import type { Finding } from "./finding.ts";

const REQUEST: RequestFacts = {
  address: "10.0.0.1",
  isEncrypted: false,
  host: "h",
  forwardedFor: [],
  forwardedProto: null,
};

function factsOf(node: string, over: Partial<NodeFacts> = {}): NodeFacts {
  return {
    node,
    version: "1.0.0",
    nodeVersion: "v22.12.0",
    isProduction: true,
    realm: "main",
    ground: { kind: "redis", settings: { address: "redis://r", prefix: "lc", database: 0 } },
    contract: { channels: ["news"], digest: "c" },
    secrets: { isRandom: false, digests: ["s"] },
    near: { maxBytes: 1, maxAgeMs: 1 },
    hasIdentify: true,
    clockAheadMs: 0,
    ...over,
  };
}

function reportOf(node: string, over: Partial<NodeReport> = {}): NodeReport {
  const ground = { kind: "redis", state: "here", forMs: 1, advice: [] } as const;
  return { node, ground, applied: "e.5", hasPending: false, ...over } as NodeReport;
}

/** Two nodes behind one address, the second as given. */
function heard(
  facts: Partial<NodeFacts> = {},
  report: Partial<NodeReport> = {},
  missing: readonly string[] = [],
): Heard {
  const nodes = { nodes: [reportOf("a"), reportOf("b", report)], missing };
  const doctor = { node: "a", nodes: [factsOf("a"), factsOf("b", facts)], missing, request: REQUEST };
  return { doctor, nodes, later: nodes };
}

const bad = (findings: readonly Finding[]): string[] =>
  findings
    .filter(({ level }) => level !== "ok" && level !== "skipped")
    .map(({ level, code, what }) => `${level} ${code}: ${what}`);

test("two nodes of one kind are well", () => {
  expect(bad(checkNodes([heard()], "1.0.0"))).toEqual([]);
});

test.each<[expected: RegExp, heard: Heard, own?: string]>([
  [/^problem node-silent: c did not answer/, heard({}, {}, ["c"])],
  [/^problem node-behind: b has not applied/, heard({}, { applied: "e.4" })],
  [/^warning changes-waiting: b has changes/, heard({}, { hasPending: true })],
  [/^warning versions-differ: nodes run Livecache 1\.0\.0 and 1\.1\.0/, heard({ version: "1.1.0" })],
  [/^note versions-differ: nodes run Livecache 1\.0\.0, and this command is of 2\.0\.0/, heard(), "2.0.0"],
  [/^problem runtime: nodes run Node\.js v20\.18\.3/, heard({ nodeVersion: "v20.18.3" })],
  [/^note runtime: nodes run different versions/, heard({ nodeVersion: "v24.1.0" })],
  [
    /^warning contract-differs: nodes differ in the channels old/,
    heard({ contract: { channels: ["news", "old"], digest: "d" } }),
  ],
  [
    /^warning contract-differs: nodes differ in the events of a channel/,
    heard({ contract: { channels: ["news"], digest: "d" } }),
  ],
  [/^problem secret-random: b made up/, heard({ secrets: { isRandom: true, digests: ["x"] } })],
  [
    /^problem secret-differs: nodes have different secrets/,
    heard({ secrets: { isRandom: false, digests: ["x"] } }),
  ],
  [
    /^problem secret-weak: b has a weak secret: too short/,
    heard({ secrets: { isRandom: false, digests: ["s"], weakness: "too short" } }),
  ],
  [/^warning clock-apart: the clock of b is 5\.0 s behind that of Redis/, heard({ clockAheadMs: -5_000 })],
  [/^problem clock-apart: the clock of b is 1 min ahead of/, heard({ clockAheadMs: 60_000 })],
  [
    /^problem ground-away: b: refused, for 2\.0 s/,
    heard({}, { ground: { kind: "redis", state: "away", forMs: 2_000, cause: "refused", advice: [] } }),
  ],
  [
    /^note ground-memory: 1 node in production without Redis/,
    heard({ ground: { kind: "memory", settings: {} } }),
  ],
  [
    /^warning redis-full: Redis: its memory is full/,
    heard(
      {},
      {
        ground: {
          kind: "redis",
          state: "here",
          forMs: 1,
          advice: [{ code: "full", isWarning: true, what: "its memory is full", why: "w", fix: "f" }],
        },
      },
    ),
  ],
])("%s is found", (expected, one, own = "1.0.0") => {
  const found = checkNodes([one], own);
  expect(bad(found)).toEqual([expect.stringMatching(expected)]);
  expect(found.every(({ level, why, fix }) => level === "ok" || level === "skipped" || (why && fix))).toBe(
    true,
  );
});

test("a node that caught up between two looks is not behind, nor is one of another epoch", () => {
  const late = heard({}, { applied: "e.4" });
  const later = {
    nodes: [reportOf("a", { applied: "e.9" }), reportOf("b", { applied: "e.6" })],
    missing: [],
  };
  expect(bad(checkNodes([{ ...late, later }], "1.0.0"))).toEqual([]);
  expect(bad(checkNodes([heard({}, { applied: "f.1" })], "1.0.0"))).toEqual([]);
});

const HTTPS = new URL("https://app.example.com/operations");
const framework = (ip: string, isSecure: boolean) => ({ framework: { ip, isSecure } });

test.each<[expected: string[], plain: RequestFacts, forgedIp: string]>([
  [[], { ...REQUEST, forwardedFor: ["203.0.113.9"], ...framework("203.0.113.9", true) }, "203.0.113.9"],
  [
    ["problem proxy-forged"],
    { ...REQUEST, forwardedFor: ["203.0.113.9"], ...framework("203.0.113.9", true) },
    "192.0.2.77",
  ],
  [
    ["warning proxy-distrusted", "problem proxy-tls"],
    { ...REQUEST, forwardedFor: ["203.0.113.9"], ...framework("10.0.0.1", false) },
    "10.0.0.1",
  ],
  [["problem proxy-tls"], { ...REQUEST, ...framework("10.0.0.1", false) }, "10.0.0.1"],
  [[], { ...REQUEST, isEncrypted: true, ...framework("10.0.0.1", true) }, "10.0.0.1"],
  [[], REQUEST, ""],
])("of a proxy %j is found", (expected, plain, forgedIp) => {
  const forged = plain.framework ? { ...plain, framework: { ...plain.framework, ip: forgedIp } } : plain;
  const found = checkProxy({ url: HTTPS, plain, forged });
  expect(bad(found).map((line) => line.split(":")[0])).toEqual(expected);
});
