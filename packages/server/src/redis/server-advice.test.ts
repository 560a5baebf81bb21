import { expect, test } from "vitest";
import { adviceOf, evictingPolicyOf, readInfo } from "./server-advice.ts";
import type { ServerFacts } from "./server-advice.ts";

const GOOD = [
  "# Server",
  "redis_version:7.4.2",
  "# Memory",
  "maxmemory_policy:noeviction",
  "# Persistence",
  "aof_enabled:1",
  "rdb_saves:0",
  "rdb_last_bgsave_status:ok",
  "executable:/usr/bin/redis:server",
];

/** What a well kept server says, with other lines in place of its own. */
function facts(lines: readonly string[] = [], rest: Partial<ServerFacts> = {}): ServerFacts {
  const info = readInfo([...GOOD, ...lines].join("\r\n"));
  return { info, user: "livecache", isLocal: false, hasPassword: true, isEncrypted: true, ...rest };
}

/** Codes, those of warnings with a sign. */
function codesOf(given: ServerFacts): string[] {
  return adviceOf(given).map(({ code, isWarning }) => `${code}${isWarning ? "!" : ""}`);
}

test("of a well kept server there is nothing to say", () => {
  expect(codesOf(facts())).toEqual([]);
});

test("lines are read as name and value, with the colons of the value", () => {
  expect(facts().info!.get("executable")).toBe("/usr/bin/redis:server");
  expect(readInfo("").size).toBe(0);
});

test.each(["allkeys-lru", "allkeys-random", "volatile-lru", "volatile-ttl"])(
  "%s throws away what must be kept",
  (policy) => {
    const given = facts([`maxmemory_policy:${policy}`]);
    expect(codesOf(given)).toEqual(["eviction!"]);
    expect(evictingPolicyOf(given)).toBe(policy);
    expect(adviceOf(given)[0]!.fix).toContain("noeviction");
  },
);

test("noeviction, and what is not known, is no such policy", () => {
  expect(evictingPolicyOf(facts())).toBeUndefined();
  expect(evictingPolicyOf({ info: undefined })).toBeUndefined();
});

test("without anything on disk: a warning, but a note where it is on this machine; a dump is something", () => {
  expect(codesOf(facts(["aof_enabled:0"]))).toEqual(["persistence!"]);
  expect(codesOf(facts(["aof_enabled:0"], { isLocal: true }))).toEqual(["persistence"]);
  expect(codesOf(facts(["aof_enabled:0", "rdb_saves:3"]))).toEqual([]);
  expect(codesOf(facts(["aof_enabled:0", "rdb_bgsave_in_progress:1"]))).toEqual([]);
});

test.each([
  [949, "noeviction", []],
  [950, "noeviction", ["full!"]],
  [2_000, "allkeys-lru", ["eviction!"]],
])("%i of 1,000 bytes used, %s", (used, policy, codes) => {
  const lines = [`used_memory:${used}`, "maxmemory:1000", `maxmemory_policy:${policy}`];
  expect(codesOf(facts(lines))).toEqual(codes);
  expect(codesOf(facts([`used_memory:${used}`, "maxmemory:0"]))).toEqual([]);
});

test("a save that failed is told by its name", () => {
  const [advice] = adviceOf(facts(["rdb_last_bgsave_status:err"]));
  expect(advice).toMatchObject({ code: "saving", isWarning: true, what: expect.stringContaining("bgsave") });
});

test.each<[string, Partial<ServerFacts>, string[]]>([
  ["no password", { hasPassword: false, isEncrypted: false, user: "default" }, ["access!"]],
  ["no password, but TLS", { hasPassword: false, user: "default" }, ["access!"]],
  ["no TLS", { isEncrypted: false }, ["access!"]],
  ["the user who may do everything", { user: "default" }, ["rights"]],
  ["nothing of it on this machine", { hasPassword: false, isEncrypted: false, isLocal: true }, []],
])("access: %s", (_what, rest, codes) => {
  expect(codesOf(facts([], rest))).toEqual(codes);
});

test.each([
  ["7.0.15", ["version"]],
  ["7.1.9", ["version"]],
  ["7.2.0", []],
  ["8.0.0", []],
  ["10.0.0", []],
])("version %s", (version, codes) => {
  expect(codesOf(facts([`redis_version:${version}`]))).toEqual(codes);
});

test("Valkey's own count is not Redis'", () => {
  expect(codesOf(facts(["redis_version:7.0.0", "valkey_version:8.1.0"]))).toEqual([]);
});

test("who may not ask is told what to allow", () => {
  const [advice] = adviceOf({ ...facts(), info: undefined });
  expect(advice).toMatchObject({ code: "unknown", fix: expect.stringContaining("+info") });
});
