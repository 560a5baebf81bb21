import { parseArgs } from "node:util";

const TOPICS = ["cache", "realtime", "security", "profile"] as const;

/** What is measured: figures of the cache, of real time, or of sessions, tokens and limits, or where Livecache's own time goes. */
export type Topic = (typeof TOPICS)[number];

/** What the command line asks for. */
export interface BenchOptions {
  readonly topic: Topic;
  readonly quick: boolean;
  readonly only: readonly string[];
  readonly seed: number;
}

/** The help text. */
export const HELP = `Measures Livecache beside its peers and the raw floors, in one run.

  npm run bench -- cache [--quick] [--only QUESTION]... [--seed 1]
  npm run bench -- realtime [--quick] [--only QUESTION]... [--seed 1]
  npm run bench -- security [--quick] [--only QUESTION]... [--seed 1]
  npm run bench -- profile

  --quick   60 s (security: 90 s) at most: Livecache, the raw floors and the best peers, without the long questions; writes no files
  --only    one question, or several. cache: l1-hit, l2-hit, stampede, tag-change, route, memory, lag, cold-miss, race.
            realtime: fan-out, rooms, idle, resume, change, watchers, comeback, stuck, presence, regions, redis-killed, ghosts
            security: check, revoked-memory, revoke-lag, session, session-requests, session-race, sign-out, limit, limit-exact,
            guarded

The last line is one JSON object. Without --quick it is kept as bench/results/<topic>.json (with --only, in place of
the answers to those questions there), and docs/benchmarks.md and its charts are made from all. "profile" writes
where the time of a hit and of a delivery goes: bench/results/profile-*.txt.`;

/**
 * Reads the command line. `undefined` when help is asked for.
 *
 * @throws Error saying what was received and what is known
 */
export function readOptions(
  args: readonly string[],
  questionsOf: Readonly<Partial<Record<Topic, readonly string[]>>>,
): BenchOptions | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string", multiple: true, default: [] },
      seed: { type: "string", default: "1" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  const topic = TOPICS.find((known) => known === positionals[0]);
  if (topic === undefined || positionals.length > 1) {
    const received = positionals.length === 0 ? "nothing" : positionals.join(" ");
    throw new Error(`Cannot measure ${received}: expected one of ${TOPICS.join(", ")}.`);
  }
  const questions = questionsOf[topic] ?? [];
  const unknown = values.only.find((name) => !questions.includes(name));
  if (unknown !== undefined) {
    throw new Error(`--only ${unknown}: no such question of ${topic}. There are: ${questions.join(", ")}.`);
  }
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(seed)) throw new Error(`--seed ${values.seed}: expected a whole number.`);
  return { topic, quick: values.quick, only: values.only, seed };
}
