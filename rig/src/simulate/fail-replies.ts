import { ERRORS, isLiveError } from "livecache";
import { OPERATIONS } from "./operations.ts";
import { openSite } from "./site.ts";
import type { Site } from "./site.ts";
import type { Fate } from "./weather.ts";

/** How a reply can fail. */
const FAILURES = ["lost", "unanswered", "late", "busy", "refused"] as const satisfies readonly Fate[];
type Failure = (typeof FAILURES)[number];

/** One run: an operation whose n-th call of the ground failed. */
export interface FailedReply {
  readonly operation: string;
  readonly failure: Failure;
  readonly n: number;
  /** The call that failed, as `store.method`; absent when there was no n-th one. */
  readonly call: string | undefined;
  /** `"resolves"`, or the code that it rejected with. */
  readonly ended: string;
  /** What must not be: it hangs, rejects with something that nobody knows, or is not repaired. */
  readonly fault: string | undefined;
}

/** Longest that an operation may take, whatever fails, in simulated milliseconds. */
const WITHIN_MS = 2_000;

/** Longest until everything is as it has to be when nothing fails any more. */
const REPAIRED_WITHIN_MS = 1_000;

const LOOK_EVERY_MS = 50;

/** The clock goes on so long behind an operation, so that calls which it leaves behind may fail too. */
const BACKGROUND_MS = 300;

/** Fails the n-th reply of an operation. */
async function failReply(operation: string, failure: Failure, n: number): Promise<FailedReply> {
  let left = Number.POSITIVE_INFINITY;
  let call: string | undefined;
  const site = await openSite({
    seed: 1,
    fateOf(node, name) {
      if (node !== "a" || --left !== 0) return "fine";
      call = name;
      return failure;
    },
  });
  const { prepare, run } = OPERATIONS[operation]!;
  try {
    const prepared = await finish(site, Promise.resolve(prepare?.(site)));
    // The node that is tried knows what was prepared on the other one.
    await site.pass(10);
    left = n;
    const outcome = await outcomeOf(site, run(site, site.nodes[0]!, prepared.value));
    await site.pass(BACKGROUND_MS);
    left = Number.POSITIVE_INFINITY;
    const fault = outcome.fault ?? (await notRepaired(site));
    return { operation, failure, n, call, ended: outcome.ended, fault };
  } finally {
    await site.close();
  }
}

interface Finished {
  readonly hangs: boolean;
  readonly value?: unknown;
  readonly error?: unknown;
}

async function finish(site: Site, work: Promise<unknown>): Promise<Finished> {
  if (!(await site.run(work, WITHIN_MS))) return { hangs: true };
  return work.then(
    (value) => ({ hangs: false, value }),
    (error: unknown) => ({ hangs: false, error }),
  );
}

async function outcomeOf(site: Site, work: Promise<unknown>) {
  const { hangs, error } = await finish(site, work);
  if (hangs) return { ended: "hangs", fault: `it hangs for more than ${WITHIN_MS} ms` };
  if (error === undefined) return { ended: "resolves", fault: undefined };
  if (isLiveError(error) && Object.hasOwn(ERRORS, error.code)) return { ended: error.code, fault: undefined };
  return { ended: "rejects", fault: `it rejects with ${String(error)}` };
}

async function notRepaired(site: Site): Promise<string | undefined> {
  const endsAtMs = site.clock.now() + REPAIRED_WITHIN_MS;
  for (;;) {
    const looking = await finish(site, firstUnrepaired(site));
    const fault = looking.hangs ? "looking hangs" : ((looking.error ?? looking.value) as unknown);
    if (fault === undefined) return undefined;
    if (site.clock.now() >= endsAtMs) return String(fault);
    await site.pass(LOOK_EVERY_MS);
  }
}

/** Whatever waits was told, both nodes answer from what is true, and they agree. */
async function firstUnrepaired({ nodes }: Site): Promise<string | undefined> {
  for (const { name, live } of nodes) {
    const { pending } = await live.change({});
    if (pending) return `changes of ${name} wait`;
    if (live.tokens.status().pending > 0) return `revocations of ${name} wait`;
    if (live.sessions.status().pendingEnds > 0) return `endings of ${name} wait`;
    const { reason } = await live.cache.resolve("k:1", () => Promise.resolve(1), { ttl: "1h", tags: ["t"] });
    if (reason === "ground-away") return `${name} does not use the ground`;
  }
  return disagreement(nodes);
}

async function disagreement(nodes: Site["nodes"]): Promise<string | undefined> {
  const [here, there] = await Promise.all(
    nodes.map(async ({ live }) => ({
      tokens: live.tokens.check({ jti: "token" }),
      user: live.tokens.check({ sub: "u", issuedAt: 1 }),
      sessions: (await live.sessions.of("u")).length,
      notes: await live.notifications.unread("u"),
    })),
  );
  const [one, other] = [JSON.stringify(here), JSON.stringify(there)];
  return one === other ? undefined : `nodes disagree: ${one} and ${other}`;
}

/** The public operations that are tried. */
export const TRIED: readonly string[] = Object.keys(OPERATIONS);

/** Fails each reply of an operation in all ways; or each in one way, which is another one for the next. */
export async function failReplies(
  operation: string,
  ways: "all" | "one-each",
): Promise<readonly FailedReply[]> {
  const tries: FailedReply[] = [];
  const start = TRIED.indexOf(operation);
  for (let n = 1; ; n++) {
    const failures = ways === "all" ? FAILURES : [FAILURES[(start + n) % FAILURES.length]!];
    for (const failure of failures) {
      const tried = await failReply(operation, failure, n);
      if (tried.call === undefined) return tries;
      tries.push(tried);
    }
  }
}
