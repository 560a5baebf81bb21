import { expect, test } from "vitest";
import { kindOf } from "./key-counts.ts";
import { readInfo } from "./server-advice.ts";
import { reportOf } from "./server-report.ts";

const REPLY = [
  "# Server",
  "redis_version:7.4.2",
  "redis_mode:standalone",
  "uptime_in_seconds:60",
  "used_memory:1048576",
  "maxmemory:0",
  "maxmemory_policy:noeviction",
  "mem_fragmentation_ratio:1.25",
  "connected_clients:4",
  "instantaneous_ops_per_sec:120",
  "role:master",
  "aof_enabled:1",
  "db0:keys=12,expires=3,avg_ttl=0",
  "db3:keys=30,expires=0,avg_ttl=0",
].join("\r\n");

test("a reply to INFO is read; what does not stand in it is left out", () => {
  expect(reportOf(readInfo(REPLY))).toEqual({
    ...{ product: "redis", version: "7.4.2", mode: "standalone", role: "master", uptimeMs: 60_000 },
    ...{ usedBytes: 1_048_576, maxBytes: 0, policy: "noeviction", fragmentation: 1.25 },
    ...{ clients: 4, commandsPerSecond: 120, keys: 42, appendOnly: true },
  });
  expect(reportOf(readInfo("valkey_version:8.1.0\r\nredis_version:7.2.4"))).toEqual({
    ...{ product: "valkey", version: "8.1.0", keys: 0 },
  });
});

test("a user who may not read INFO is told nothing", () => {
  expect(reportOf(readInfo("NOPERM"))).toEqual({ product: "redis" });
});

test.each([
  ["lc:main:e:{user:42}", "entries"],
  ["{lc:main}:t:hostel:7", "tags"],
  ["{lc:main}:session:abc", "sessions"],
  ["{lc:main}:head", "log"],
  ["lc:mainland:e:{user:42}", undefined],
  ["other:lc:main:e:x", undefined],
])("%s is one of the %s", (key, kind) => {
  expect(kindOf(key, "lc:main")).toBe(kind);
});
