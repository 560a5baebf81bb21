/** How bad something is. `skipped`: it could not be looked at. */
export type Level = "problem" | "warning" | "note" | "skipped" | "ok";

/** What one check has found. */
export interface Finding {
  /** Stands in `docs/reference/cli.md`. */
  readonly code: CheckCode;
  readonly level: Level;
  /** What was found. */
  readonly what: string;
  /** What may come of it. */
  readonly why?: string;
  readonly fix?: string;
  /** File and line, or the address that was asked. */
  readonly where?: string;
}

/** What is looked for, by the word that names it; a few words each, for the documentation and for what is well. */
export const CHECKS = {
  "app-reach": "the operations answer",
  "console-guard": "the operations answer nobody without a credential",
  "node-silent": "every live node answers over publish and subscribe",
  "nodes-apart": "all nodes share one Redis, prefix and realm",
  "node-behind": "every node keeps up with the change log",
  "changes-waiting": "no change waits for the ground",
  "versions-differ": "all nodes run the same version of Livecache, and this command does",
  runtime: "all nodes run one supported version of Node.js",
  "contract-differs": "all nodes have the same contract",
  "secret-random": "a secret is set where there are several nodes",
  "secret-differs": "all nodes have the same secrets",
  "secret-weak": "secrets cannot be guessed",
  "clock-apart": "clocks agree",
  "ground-away": "every node reaches its ground",
  "ground-memory": "nodes in production share a Redis",
  "redis-reach": "Redis answers",
  "redis-refused": "Redis lets us work with it: version, role, rights",
  "redis-version": "the version of Redis is maintained",
  "redis-eviction": "a full Redis throws nothing away",
  "redis-full": "Redis has memory left",
  "redis-persistence": "Redis keeps its data on disk",
  "redis-saving": "Redis can save to its disk",
  "redis-access": "a Redis on another machine asks for a password, over TLS",
  "redis-rights": "a Redis on another machine is used with a user of few rights",
  "redis-unknown": "Redis tells its settings",
  "redis-slow": "Redis answers quickly",
  "redis-prefixes": "no second prefix or realm is in use in this Redis",
  "proxy-forged": "nobody can forge the address that limits count by",
  "proxy-distrusted": "the server sees the client behind the proxy, not the proxy",
  "proxy-tls": "the server knows that browsers come over TLS",
  "socket-upgrade": "WebSocket upgrades get through",
  "socket-polling": "polling needs no node in particular",
  "socket-origin": "sockets accept the page's origin, and no others",
  cors: "the page may read answers and their headers, and other sites may not",
  cookies: "cookies have HttpOnly, SameSite and, over TLS, Secure",
  "scan-keys": "no code looks for keys with KEYS",
  "scan-flush": "no code empties a whole Redis",
  "scan-delete": "no code deletes cache keys by hand",
  "scan-emit": "no code tells screens beside a delete",
  "scan-no-expiry": "no code caches for ever",
  "scan-memory-sessions": "no code keeps sessions in the memory of one process",
  "scan-secret": "no secret stands in the source",
  "scan-trust-proxy": "no code believes every proxy",
  "scan-any-origin": "no code lets every origin in",
} as const;

/** A word for a check. */
export type CheckCode = keyof typeof CHECKS;

/** A check that found nothing wrong. */
export function passed(code: CheckCode, where?: string): Finding {
  return { code, level: "ok", what: CHECKS[code], ...(where !== undefined && { where }) };
}

/** A check that could not be made. */
export function skipped(code: CheckCode, what: string, where?: string): Finding {
  return { code, level: "skipped", what, ...(where !== undefined && { where }) };
}
