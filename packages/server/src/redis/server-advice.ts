import type { GroundAdvice } from "../ports/ground.ts";

/** What a server says of itself, as far as this user may ask. */
export interface ServerFacts {
  /** Absent where this user may not read `INFO`. */
  readonly info: ReadonlyMap<string, string> | undefined;
  /** Who we are to it, and whether it is on this machine; absent where it does not say. */
  readonly user: string | undefined;
  readonly isLocal: boolean;
  /** How we come to it. */
  readonly hasPassword: boolean;
  readonly isEncrypted: boolean;
}

/** The oldest release line that its makers still repair. */
const OLDEST_MAINTAINED = [7, 2] as const;

/** From this share of `maxmemory` on it counts as full. */
const FULL_SHARE = 0.95;

/** What the server's settings mean for what is kept in it. Pure. */
export function adviceOf(facts: ServerFacts): readonly GroundAdvice[] {
  const found = [evictionOf, fullOf, persistenceOf, savingOf, accessOf, rightsOf, versionOf, unknownOf];
  return found.flatMap((look) => look(facts) ?? []);
}

/** The policy by which the server throws keys away when it is full; `undefined` when it throws none away, or nobody knows. */
export function evictingPolicyOf({ info }: Pick<ServerFacts, "info">): string | undefined {
  const policy = info?.get("maxmemory_policy");
  return policy === "noeviction" ? undefined : policy;
}

/** Reads the reply to `INFO`: lines of `name:value`. */
export function readInfo(text: string): ReadonlyMap<string, string> {
  const lines = text.split("\r\n").filter((line) => line.includes(":") && !line.startsWith("#"));
  return new Map(
    lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)] as const),
  );
}

function evictionOf(facts: ServerFacts): GroundAdvice | undefined {
  const policy = evictingPolicyOf(facts);
  if (policy === undefined) return undefined;
  return {
    code: "eviction",
    isWarning: true,
    what: `maxmemory-policy is ${policy}`,
    why: "a full Redis throws away sessions and revocations as well: all of them expire, so a volatile policy is no better",
    fix: "set `maxmemory-policy noeviction` (a full Redis then stores no more entries, and everything else goes on), or give sessions and revocations a Redis of their own, or say `openRedis(url, { evictionAllowed: true })`",
  };
}

function fullOf(facts: ServerFacts): GroundAdvice | undefined {
  const [used, most] = ["used_memory", "maxmemory"].map((name) => Number(facts.info?.get(name) ?? 0));
  // Where something is thrown away, a full one is as it should be.
  if (!most || used! < most * FULL_SHARE || evictingPolicyOf(facts) !== undefined) return undefined;
  return {
    code: "full",
    isWarning: true,
    what: `its memory is full (${used} of ${most} bytes)`,
    why: "no entries are stored, and no sessions begun or saved; changes and revocations still get through",
    fix: "give it more memory (`maxmemory`), or cache for a shorter time",
  };
}

function persistenceOf({ info, isLocal }: ServerFacts): GroundAdvice | undefined {
  if (info?.get("aof_enabled") !== "0" || keepsDumps(info)) return undefined;
  return {
    code: "persistence",
    isWarning: !isLocal,
    what: "it keeps nothing on disk",
    why: "when it is started anew, everybody is signed out, and revocations live on only in the nodes that run",
    fix: "set `appendonly yes`",
  };
}

/** `INFO` does not say how often a dump is made; that one was made, or is due, says that there are some. */
function keepsDumps(info: ReadonlyMap<string, string>): boolean {
  return Number(info.get("rdb_saves") ?? 0) > 0 || info.get("rdb_bgsave_in_progress") === "1";
}

function savingOf({ info }: ServerFacts): GroundAdvice | undefined {
  const failed = ["rdb_last_bgsave_status", "aof_last_write_status", "aof_last_bgrewrite_status"].filter(
    (name) => info?.get(name) === "err",
  );
  if (failed.length === 0) return undefined;
  return {
    code: "saving",
    isWarning: true,
    what: `it could not save to disk (${failed.join(", ")})`,
    why: "it refuses writes by default as long as that is so, and counts as away then",
    fix: "look at its log and its disk: it may be full, or not writable",
  };
}

function accessOf({ isLocal, hasPassword, isEncrypted }: ServerFacts): GroundAdvice | undefined {
  if (isLocal || (hasPassword && isEncrypted)) return undefined;
  const what = hasPassword ? "the connection is not encrypted" : "it asks for no password";
  return {
    code: "access",
    isWarning: true,
    what: `${what}, and it is on another machine`,
    why: hasPassword
      ? "whoever can listen on the network reads sessions, and the password"
      : "whoever can reach it can sign in as anybody",
    fix: hasPassword
      ? "use `rediss://`"
      : "give it a user with a password (docs/reference/keys.md has its rights), and use `rediss://`",
  };
}

function rightsOf({ user, isLocal, hasPassword }: ServerFacts): GroundAdvice | undefined {
  if (user !== "default" || isLocal || !hasPassword) return undefined;
  return {
    code: "rights",
    isWarning: false,
    what: "this is the user `default`",
    why: "it may usually do everything, FLUSHALL included",
    fix: "make a user with the rights of docs/reference/keys.md",
  };
}

function versionOf({ info }: ServerFacts): GroundAdvice | undefined {
  const version = info?.get("redis_version");
  // Valkey counts by itself, and tells the Redis version that it began with besides.
  if (version === undefined || info?.has("valkey_version") || isMaintained(version)) return undefined;
  return {
    code: "version",
    isWarning: false,
    what: `it is version ${version}`,
    why: "its makers do not repair this line any more; your distribution may",
    fix: `use ${OLDEST_MAINTAINED.join(".")} or later`,
  };
}

function isMaintained(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [leastMajor, leastMinor] = OLDEST_MAINTAINED;
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}

function unknownOf({ info }: ServerFacts): GroundAdvice | undefined {
  if (info) return undefined;
  return {
    code: "unknown",
    isWarning: false,
    what: "this user may not read `INFO`",
    why: "nobody can tell whether it throws keys away when it is full",
    fix: "allow it: `+info`",
  };
}
