import type { NodeFacts } from "@livecache/wire";
import { counted, lasting } from "../terminal/words.ts";
import { weakSecret } from "./check-environment.ts";
import { passed, skipped } from "./finding.ts";
import type { Finding } from "./finding.ts";

/** Clocks that differ by more make dates in logs and expiries of tokens wrong. */
const CLOCK_WARNING_MS = 2_000;
const CLOCK_PROBLEM_MS = 30_000;

const OLDEST_NODE = [20, 19] as const;

/** How nodes were made, held against each other. Pure. */
export function checkFacts(facts: readonly NodeFacts[], ownVersion: string): readonly Finding[] {
  return [
    versions(facts, ownVersion),
    runtime(facts),
    contracts(facts),
    ...secrets(facts),
    clocks(facts),
    memory(facts),
  ];
}

function versions(facts: readonly NodeFacts[], own: string): Finding {
  const found = distinct(facts, ({ version }) => version);
  if (found.length > 1) {
    return {
      code: "versions-differ",
      level: "warning",
      what: `nodes run Livecache ${found.join(" and ")}`,
      why: "fine while a deployment is under way; for longer, what one version writes may be new to another",
      fix: "bring all nodes to one version",
    };
  }
  if (found[0] === own || found.length === 0) return passed("versions-differ");
  return {
    code: "versions-differ",
    level: "note",
    what: `nodes run Livecache ${found[0]}, and this command is of ${own}`,
    why: "it may ask for what they do not know",
    fix: "run the command of the application: `npx livecache` in its folder",
  };
}

function runtime(facts: readonly NodeFacts[]): Finding {
  const found = distinct(facts, ({ nodeVersion }) => nodeVersion);
  const old = found.filter(isTooOld);
  if (old.length > 0) {
    return {
      code: "runtime",
      level: "problem",
      what: `nodes run Node.js ${old.join(" and ")}`,
      why: "Livecache is tested with 20.19, 22.12 and later",
      fix: "use a Node.js that is still maintained",
    };
  }
  if (found.length < 2) return passed("runtime");
  return {
    code: "runtime",
    level: "note",
    what: `nodes run different versions of Node.js: ${found.join(", ")}`,
    why: "fine while a deployment is under way",
    fix: "bring all nodes to one version",
  };
}

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  return major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
}

function contracts(facts: readonly NodeFacts[]): Finding {
  if (distinct(facts, ({ contract }) => contract.digest).length < 2) return passed("contract-differs");
  const all = new Set(facts.flatMap(({ contract }) => contract.channels));
  const odd = [...all].filter(
    (channel) => !facts.every(({ contract }) => contract.channels.includes(channel)),
  );
  const which = odd.length === 0 ? "the events of a channel" : `the channels ${odd.join(", ")}`;
  return {
    code: "contract-differs",
    level: "warning",
    what: `nodes differ in ${which}`,
    why: "who is connected to an older node cannot join what a newer one publishes to",
    fix: "finish the deployment; pages keep working through it",
  };
}

function secrets(facts: readonly NodeFacts[]): readonly Finding[] {
  const shared = facts.filter(({ ground }) => ground.kind === "redis");
  const random = shared.filter(({ secrets: { isRandom } }) => isRandom);
  const weakness = facts.find((one) => one.secrets.weakness !== undefined);
  const isSame = distinct(shared, (one) => [...one.secrets.digests].sort().join(" ")).length < 2;
  return [
    random.length === 0
      ? passed("secret-random")
      : {
          code: "secret-random",
          level: shared.length > 1 ? "problem" : "warning",
          what: `${random.map(({ node }) => node).join(", ")} made up its own secret`,
          why: "live queries of one node are refused by the others, and by itself after a restart: every screen reloads",
          fix: "createLive({ secret: process.env.LIVE_SECRET }), with one made by `openssl rand -base64 32`",
        },
    isSame || random.length > 0
      ? passed("secret-differs")
      : {
          code: "secret-differs",
          level: "problem",
          what: "nodes have different secrets",
          why: "a screen that meets another node than before is refused, and reloads",
          fix: "give every node the same list; while one is replaced, the new one first and the old one second on all of them",
        },
    weakness === undefined
      ? passed("secret-weak")
      : weakSecret(`${weakness.node} has a weak secret: ${weakness.secrets.weakness}`),
  ];
}

function clocks(facts: readonly NodeFacts[]): Finding {
  const shared = facts.filter(({ ground }) => ground.kind === "redis");
  if (shared.length === 0) return skipped("clock-apart", "nodes in memory have one clock only");
  const worst = shared.reduce((a, b) => (Math.abs(b.clockAheadMs) > Math.abs(a.clockAheadMs) ? b : a));
  const size = Math.abs(worst.clockAheadMs);
  if (size < CLOCK_WARNING_MS) return passed("clock-apart");
  const way = worst.clockAheadMs > 0 ? "ahead of" : "behind";
  return {
    code: "clock-apart",
    level: size < CLOCK_PROBLEM_MS ? "warning" : "problem",
    what: `the clock of ${worst.node} is ${lasting(size)} ${way} that of Redis`,
    why: "Livecache goes by Redis' clock, but your logs, cookies and signed tokens go by the node's",
    fix: "switch on time synchronisation (NTP) on every machine",
  };
}

function memory(facts: readonly NodeFacts[]): Finding {
  const alone = facts.filter(({ ground, isProduction }) => ground.kind === "memory" && isProduction);
  if (alone.length === 0) return passed("ground-memory");
  return {
    code: "ground-memory",
    level: "note",
    what: `${counted(alone.length, "node")} in production without Redis`,
    why: "right for a single process; a second one would know nothing of its changes, and a restart signs everybody out",
    fix: "createLive({ ground: await openRedis(process.env.REDIS_URL) }) before there is a second process",
  };
}

function distinct(facts: readonly NodeFacts[], of: (one: NodeFacts) => string): readonly string[] {
  return [...new Set(facts.map(of))].sort();
}
