import { isLiveError } from "@livecache/wire";
import type { Examined } from "../../redis/examine.ts";
import type { CliParts } from "../cli-parts.ts";
import { CommandFailure, EXIT, messageOf } from "../failure.ts";
import { counted, lasting, sized } from "../terminal/words.ts";
import { adviceFinding } from "./check-grounds.ts";
import { passed } from "./finding.ts";
import type { CheckCode, Finding } from "./finding.ts";

/** What is there to be looked at. */
export interface RedisPlace {
  readonly url: string;
  readonly prefix: string;
  readonly timeoutMs: number;
}

/** What was found, and the settings in effect. */
export interface RedisLook {
  readonly findings: readonly Finding[];
  readonly settings: Readonly<Record<string, string | number>>;
}

/** Advice of these codes is looked for; the one that is not given is well. */
const ADVISED = [
  "eviction",
  "full",
  "persistence",
  "saving",
  "access",
  "rights",
  "version",
  "unknown",
] as const;

const SLOW_MS = 20;
const CLOCK_WARNING_MS = 2_000;

/** Looks at a Redis directly. Rejects with a `CommandFailure` for an address that is none, and where the package `redis` is missing. */
export async function checkRedis(
  { url, prefix, timeoutMs }: RedisPlace,
  parts: CliParts,
): Promise<RedisLook> {
  const { examineServer } = await import("../../redis/examine.ts").catch((error: unknown) => {
    throw new CommandFailure(
      EXIT.problem,
      "redis-missing",
      `--redis-url needs the package redis: npm install redis (${messageOf(error)}).`,
    );
  });
  try {
    const { clock, signal } = parts;
    return tell(await examineServer(url, { prefix, timeoutMs, clock, signal }));
  } catch (error) {
    if (!isLiveError(error) || error.code === "LIVE_OPTIONS_INVALID") throw error;
    return { findings: [fault(error.code, error.message)], settings: {} };
  }
}

function fault(liveCode: string, message: string): Finding {
  const isRefused = liveCode === "LIVE_GROUND_REFUSED";
  return {
    code: isRefused ? "redis-refused" : "redis-reach",
    level: "problem",
    what: message,
    why: "nodes that cannot use it answer from their own memory and their database; nobody new can sign in",
    fix: isRefused
      ? "docs/how-to/redis.md says what each refusal means, docs/reference/keys.md which rights the user needs"
      : "is it running, is the address right, does a firewall let this machine through?",
  };
}

function tell(examined: Examined): RedisLook {
  const { advice, info, user, version } = examined;
  const given = new Set(advice.map(({ code }) => code));
  const well = ADVISED.filter(
    (code) => !given.has(code) && !(given.has("unknown") && code !== "access" && code !== "rights"),
  );
  const [used, most] = ["used_memory", "maxmemory"].map((name) => Number(info.get(name) ?? 0));
  return {
    findings: [
      passed("redis-reach"),
      passed("redis-refused"),
      ...advice.map(adviceFinding),
      ...well.map((code) => passed(`redis-${code}` as CheckCode)),
      speed(examined),
      clock(examined),
      prefixes(examined),
    ],
    settings: {
      version,
      user: user ?? "unknown",
      ...(info.size > 0 && {
        memory: `${sized(used!)}${most ? ` of ${sized(most)}` : ", without a bound"}`,
        "maxmemory-policy": info.get("maxmemory_policy") ?? "unknown",
        appendonly: info.get("aof_enabled") === "1" ? "yes" : "no",
      }),
      "round trip": lasting(examined.medianMs),
      realms:
        examined.realms.map(({ name, nodes }) => `${name} (${counted(nodes, "node")})`).join(", ") || "none",
    },
  };
}

function speed({ medianMs }: Examined): Finding {
  if (medianMs <= SLOW_MS) return passed("redis-slow");
  return {
    code: "redis-slow",
    level: "warning",
    what: `a question takes ${lasting(medianMs)} from here`,
    why: "each read that is not in a node's memory waits as long, and at 250 ms Redis counts as away",
    fix: "put nodes and Redis into one network; `SLOWLOG GET` says what keeps it busy",
  };
}

function clock({ clockAheadMs }: Examined): Finding {
  const size = Math.abs(clockAheadMs);
  if (size < CLOCK_WARNING_MS) return passed("clock-apart");
  return {
    code: "clock-apart",
    level: "warning",
    what: `this machine's clock is ${lasting(size)} ${clockAheadMs > 0 ? "ahead of" : "behind"} that of Redis`,
    why: "Livecache goes by Redis' clock, but logs, cookies and signed tokens go by the machine's",
    fix: "switch on time synchronisation (NTP) on both",
  };
}

function prefixes({ realms, isWhole }: Examined): Finding {
  if (realms.length < 2) return passed("redis-prefixes");
  return {
    code: "redis-prefixes",
    level: "note",
    what: `nodes follow ${counted(realms.length, "realm")} here: ${realms.map(({ name, nodes }) => `${name} (${counted(nodes, "node")})`).join(", ")}${isWhole ? "" : ", and perhaps more"}`,
    why: "right for several applications or tenants; nodes of one application in two of them do not hear of each other",
    fix: "give the nodes of one application the same `prefix` and `realm`",
  };
}
