import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "@livecache/rig";
import { describe, test } from "vitest";
import { refuseUnhandledRejections } from "../redis/redis-site.ts";
import {
  AWAY_ENDS,
  KNOWN_SESSION,
  REVOKED,
  callAll,
  isSecurity,
  lateness,
  openFaultSite,
  read,
} from "./fault-site.ts";
import type { FaultSite } from "./fault-site.ts";

refuseUnhandledRejections();

/** A Redis that cannot serve; how it comes to that, how it is well again, and what the status says meanwhile. */
interface Fault {
  readonly what: string;
  readonly config?: readonly string[];
  readonly begin: (site: FaultSite) => unknown;
  readonly end: (site: FaultSite) => unknown;
  readonly cause: RegExp;
  /** Whether Redis has its data when it is back. */
  readonly isEmptied?: boolean;
  /** What is answered all the same, as long as nobody knows. */
  readonly answers?: RegExp;
}

const FAULTS: readonly Fault[] = [
  {
    what: "killed",
    begin: ({ redis }) => redis.kill(),
    end: ({ redis }) => redis.restart(),
    isEmptied: true,
    cause: /ECONNREFUSED|closed|ECONNRESET/,
  },
  {
    what: "frozen",
    begin: ({ redis }) => redis.freeze(),
    end: ({ redis }) => redis.thaw(),
    cause: /no answer within|too slow/,
  },
  {
    what: "loading its data",
    config: [
      "--dbfilename",
      "dump.rdb",
      "--key-load-delay",
      "20000",
      "--loading-process-events-interval-bytes",
      "1024",
    ],
    async begin({ redis, admin }) {
      for (let key = 0; key < 120; key++) await admin.set(`filler:${key}`, "x".repeat(100));
      await admin.sendCommand(["SAVE"]);
      await redis.kill();
      void redis.restart().catch(() => undefined);
    },
    end: ({ redis }) =>
      until(async () => (await redis.command("PING")).startsWith("+"), { what: "loaded", withinMs: 10_000 }),
    cause: /LOADING|ECONNREFUSED|closed|ECONNRESET/,
  },
  {
    what: "busy with a script",
    config: ["--busy-reply-threshold", "50"],
    async begin({ redis }) {
      void redis.command('EVAL "while true do end" 0').catch(() => undefined);
      await until(async () => (await redis.command("PING")).startsWith("-BUSY"), {
        what: "it is busy",
        withinMs: 5_000,
      });
    },
    end: ({ admin }) => admin.sendCommand(["SCRIPT", "KILL"]),
    cause: /BUSY|too slow|no answer/,
  },
  {
    what: "unable to save, and refuses writes",
    config: ["--enable-protected-configs", "yes"],
    async begin({ admin }) {
      const folder = await mkdtemp(join(tmpdir(), "livecache-gone-"));
      await admin.sendCommand(["CONFIG", "SET", "dir", folder]);
      await rm(folder, { recursive: true });
      await admin.sendCommand(["CONFIG", "SET", "save", "3600 1"]);
      await admin.sendCommand(["BGSAVE"]);
      await until(
        async () =>
          /rdb_last_bgsave_status:err/.test(String(await admin.sendCommand(["INFO", "persistence"]))),
        {
          what: "a save has failed",
          withinMs: 5_000,
        },
      );
    },
    end: ({ admin }) => admin.sendCommand(["CONFIG", "SET", "save", ""]),
    cause: /MISCONF/,
    answers: /^(sessions\.read, unknown|presence|sockets|notifications\.list)/,
  },
  {
    what: "a replica now",
    begin: ({ admin }) => admin.sendCommand(["REPLICAOF", "127.0.0.1", "1"]),
    end: ({ admin }) => admin.sendCommand(["REPLICAOF", "NO", "ONE"]),
    cause: /READONLY|MASTERDOWN|replica/,
    answers: /^(sessions\.read, unknown|presence|sockets|notifications\.list)/,
  },
  {
    what: "out of connections",
    async begin({ admin }) {
      await admin.sendCommand(["CONFIG", "SET", "maxclients", "1"]);
      await admin.sendCommand(["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"]);
      await admin.sendCommand(["CLIENT", "KILL", "TYPE", "pubsub"]);
    },
    end: ({ admin }) => admin.sendCommand(["CONFIG", "SET", "maxclients", "10000"]),
    cause: /max number of clients|closed|ECONNRESET/,
  },
  {
    what: "asking for another password",
    async begin({ admin }) {
      await admin.sendCommand(["CONFIG", "SET", "requirepass", "another"]);
      await admin.sendCommand(["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"]);
      await admin.sendCommand(["CLIENT", "KILL", "TYPE", "pubsub"]);
    },
    end: ({ admin }) => admin.sendCommand(["CONFIG", "SET", "requirepass", ""]),
    cause: /NOAUTH|closed|ECONNRESET/,
  },
  {
    what: "half a second away",
    begin: ({ gate }) => gate.delay(250),
    end: ({ gate }) => gate.pass(),
    cause: /too slow|no answer within/,
    // It has a second.
    answers: /^tokens\.revoke/,
  },
];

/** How much more than its deadline a call may take on a machine that does other things beside. */
const SLACK_MS = 500;

/** Far less than a deadline. */
const AT_ONCE_MS = 100;

/** More at a time, and they would only wait for each other. */
const AT_ONCE = 3;
const groups = Array.from({ length: Math.ceil(FAULTS.length / AT_ONCE) }, (_, group) =>
  FAULTS.slice(group * AT_ONCE, (group + 1) * AT_ONCE),
);

describe.each(groups.map((some) => ({ some })))("Redis", ({ some }) => {
  test.concurrent.for(some)(
    "$what: every kind of call ends as promised and in time; afterwards nothing is stale, and nothing was lost",
    async (
      { config = [], begin, end, cause, answers = /^$/, isEmptied = false },
      { expect, onTestFinished },
    ) => {
      const site = await openFaultSite(config, onTestFinished);
      const { live, other, source } = site;
      await begin(site);
      // The first calls may have to find out.
      const [ends, lateMs] = await Promise.all([callAll(live, site), lateness()]);
      for (const { name, end: ended, tookMs } of ends) {
        const limitMs = (isSecurity(name) ? 1_000 : 250) + SLACK_MS + 4 * lateMs;
        const expected = answers.test(name) ? expect.anything() : AWAY_ENDS[name];
        expect([name, ended ?? "nothing", Math.max(limitMs, tookMs)]).toEqual([name, expected, limitMs]);
      }
      await until(() => read(live, site).then(() => live.status().state === "away"), {
        what: "it is noticed",
        withinMs: 10_000,
      });
      await until(() => cause.test((live.status() as { cause?: string }).cause ?? ""), {
        what: `${String(cause)} in ${JSON.stringify(live.status())}`,
        withinMs: 8_000,
      });
      source.value = 2;
      expect(await live.change({ tags: ["answers"] })).toMatchObject({ scope: "local", pending: true });
      expect(await read(live, site)).toBe(2);
      // Now that it is known nothing waits; once in a few tries the machine is not busy with something else.
      const quick = until(
        async () => (await callAll(live, site)).every(({ tookMs }) => tookMs < AT_ONCE_MS),
        {
          what: "every call ends at once",
          withinMs: 10_000,
        },
      );
      await expect(quick).resolves.toBe(true);
      for (const { name, end: ended } of await callAll(live, site)) {
        expect([name, ended ?? "nothing"]).toEqual([name, AWAY_ENDS[name]]);
      }
      await end(site);
      await until(() => live.status().state === "here", { what: "it is back", withinMs: 8_000 });
      // Before anything else is read from the ground, what was changed meanwhile has been told.
      expect(await read(live, site)).toBe(2);
      await until(async () => (await read(other, site)) === 2, {
        what: "the other node knows",
        withinMs: 8_000,
      });
      await until(() => other.tokens.check({ token: "revoked meanwhile" }) === "revoked", {
        what: "the revocation is told",
        withinMs: 5_000,
      });
      // The session is there with its data, or gone with all of Redis; nothing has written an empty one in its place.
      const cart = await until(
        async () => ({ is: (await other.sessions.read(KNOWN_SESSION))?.data["cart"] }),
        {
          what: "sessions are read again",
          withinMs: 5_000,
        },
      );
      expect(isEmptied ? [undefined] : [1, 2]).toContain(cart.is);
      expect(other.tokens.check({ token: REVOKED })).toBe("revoked");
    },
  );
});
