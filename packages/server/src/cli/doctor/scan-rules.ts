import type { CheckCode, Finding, Level } from "./finding.ts";

/** Code that Livecache replaces, and what to write in its place. */
interface Rule {
  readonly code: CheckCode;
  readonly level: Level;
  readonly pattern: RegExp;
  /** Only where this stands near it, in the lines before and after. */
  readonly near?: RegExp;
  /** Not where this stands in the same line. */
  readonly unless?: RegExp;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}

const CLIENT = String.raw`\b(?:redis|client|redisClient|cache|pub|store|ioredis|this\.redis|this\.client)`;
const DELETE = new RegExp(String.raw`${CLIENT}\w*\s*(?:\.v4)?\.(?:del|unlink)\s*\(`, "i");

/** Keys that are no copies of anything. */
const KEPT = /sess|lock|limit|otp|token/i;

const RULES: readonly Rule[] = [
  {
    code: "scan-keys",
    level: "problem",
    pattern: new RegExp(
      String.raw`${CLIENT}\w*\.keys\s*\(\s*(?:["'\`]|\w*(?:pattern|prefix))|\bcall\s*\(\s*["']keys["']`,
      "i",
    ),
    what: "keys are looked for with KEYS",
    why: "it walks over everything in Redis and nobody else is answered meanwhile; entries that are stored in between stay",
    fix: 'give the reads a tag, `cached(live, { ttl: "5m", tags: ["users"] })`, and call `live.change({ tags: ["users"] })`: its cost does not depend on how many there are',
  },
  {
    code: "scan-flush",
    level: "problem",
    pattern: /\.flush(?:all|db)(?:async)?\s*\(|["']flush(?:all|db)["']/i,
    what: "a whole Redis is emptied",
    why: "sessions, revocations and queues of everybody who uses it go as well",
    fix: "live.change({ tags: [...] }) makes only what depends on it void",
  },
  {
    code: "scan-emit",
    level: "warning",
    pattern: /\b(?:io|socket|namespace|nsp)\b(?:\.(?:to|in|of)\([^)]*\))*\.emit\s*\(/,
    near: DELETE,
    what: "screens are told beside a delete",
    why: "two steps, of which one may fail or be overtaken: a screen that reloads too early gets the old value, and keeps it",
    fix: "one call: live.change({ tags, emit: [live.event(channel, params, name, data)] }), after the write is committed",
  },
  {
    code: "scan-delete",
    level: "warning",
    pattern: DELETE,
    unless: KEPT,
    what: "a cache key is deleted by hand",
    why: "a read that began before the write stores the old value again right after; other keys with the same data are forgotten",
    fix: "live.change({ tags: [...] }) after the write: loads that began before it are not stored",
  },
  {
    code: "scan-no-expiry",
    level: "warning",
    pattern: new RegExp(String.raw`${CLIENT}\w*\.set\s*\(\s*[^,()]+,\s*JSON\.stringify\([^()]*\)\s*\)`, "i"),
    what: "a value is cached without an end",
    why: "what no write thinks of stays wrong for ever, and memory fills",
    fix: 'live.cache.getOrSet(key, load, { ttl: "5m" })',
  },
  {
    code: "scan-memory-sessions",
    level: "warning",
    pattern: /\bsession\s*\(\s*\{/,
    unless: /store\s*[:,}]/,
    what: "express-session without a store",
    why: "its memory store leaks, knows one process only, and forgets everybody at a restart",
    fix: "session({ store: createSessionStore(live), ... }) of livecache/session",
  },
  {
    code: "scan-secret",
    level: "problem",
    pattern: /\b(?:secret|jwt_?secret|session_?secret)\s*[:=]\s*["'`][^"'`$]{3,}["'`]/i,
    what: "a secret stands in the source",
    why: "whoever reads the repository signs in as anybody",
    fix: "read it from the environment; make a new one with `openssl rand -base64 32`, because this one is known",
  },
  {
    code: "scan-trust-proxy",
    level: "warning",
    pattern: /set\s*\(\s*["']trust proxy["']\s*,\s*true\s*\)/,
    what: "every proxy is believed",
    why: "a client writes its own X-Forwarded-For, and gets around limits by address",
    fix: 'app.set("trust proxy", 1), with the number of your proxies',
  },
  {
    code: "scan-any-origin",
    level: "warning",
    pattern: /\borigin\s*:\s*(?:true|["'`]\*["'`])/,
    what: "every origin is let in",
    why: "with cookies, any site that somebody visits reads and writes in their name",
    fix: 'list your pages: origin: ["https://app.example.com"]; for sockets attach(live, io, { origins: [...] })',
  },
];

/** How many lines before and after are near. */
const NEAR = 12;

/** Options of a call may stand on the lines behind it. */
const LINES_OF_CALL = 8;

/** Looks for code that Livecache replaces in one file. Comments are passed over. Pure. */
export function scanText(path: string, text: string): readonly Finding[] {
  const lines = withoutComments(text).split("\n");
  return lines.flatMap((_line, index) =>
    RULES.filter((rule) => isMet(rule, lines, index)).map(({ code, level, what, why, fix }) => ({
      ...{ code, level, what, why, fix },
      where: `${path}:${index + 1}`,
    })),
  );
}

function isMet({ pattern, near, unless, code }: Rule, lines: readonly string[], index: number): boolean {
  const line = lines[index]!;
  if (!pattern.test(line)) return false;
  const call = code === "scan-memory-sessions" ? lines.slice(index, index + LINES_OF_CALL).join(" ") : line;
  if (unless?.test(call)) return false;
  return (
    near === undefined ||
    lines.slice(Math.max(0, index - NEAR), index + NEAR + 1).some((one) => near.test(one) && !KEPT.test(one))
  );
}

/** Blanks comments out and keeps every line where it was. */
function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, " "))
    .replace(/(^|[^:"'`\\])\/\/[^\n]*/g, "$1");
}

/** The checks that are made of source files. */
export const SCANNED: readonly CheckCode[] = [...new Set(RULES.map(({ code }) => code))];
