import { LiveError } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import type { Tasks } from "../base/tasks.ts";
import { answersOf } from "./ask-several.ts";
import { placeOf, reachedAt, shownOf } from "./endpoint.ts";
import type { Endpoint, Whereabouts } from "./endpoint.ts";
import { toLiveError } from "./failure.ts";
import { withFix } from "./fix.ts";
import { openLink } from "./link.ts";
import { askSentinel, newestOf } from "./sentinel-answer.ts";
import type { SentinelAnswer } from "./sentinel-answer.ts";
import { openWire } from "./wire.ts";

/** What asking Sentinels needs. */
export interface SentinelParts {
  readonly where: Extract<Whereabouts, { readonly kind: "sentinel" }>;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly signal: AbortSignal;
  readonly report: (error: unknown) => void;
}

/** The Sentinels that watch over a primary. */
export interface Sentinels {
  /**
   * Where the primary is: all are asked at once, and of those that answer soon the one counts that knows of the latest failover. Rejects
   * with `LIVE_GROUND_AWAY` when none answers, and with `LIVE_GROUND_REFUSED` when all refuse.
   */
  locate(): Promise<Endpoint>;
  /**
   * Rejects with `LIVE_GROUND_AWAY` when that is not where the primary is any more. They are asked again when it was long since: a server that
   * had stood still may have been replaced while it was being connected to, and takes itself for the primary.
   */
  confirm(endpoint: Endpoint): Promise<void>;
  /** Calls back when a Sentinel names another primary than the one found last. */
  onMoved(listener: (cause: LiveError) => void): void;
}

/** How long one Sentinel may take, to connect and to answer. */
const CONNECT_WITHIN_MS = 1_000;
const ANSWER_WITHIN_MS = 500;

/** How long an answer is taken for what they say now: more than connecting takes as a rule, and less than any failover. */
const FRESH_MS = 100;

/**
 * Begins to watch, over a connection to each Sentinel: one that is cut off from the others, together with a primary that was replaced, may be
 * reached all the same.
 */
export function openSentinels(parts: SentinelParts): Sentinels {
  const { where, clock, tasks, signal } = parts;
  const limits = {
    ...{ clock, signal, maxInFlight: 100 },
    ...{ commandTimeoutMs: ANSWER_WITHIN_MS, connectTimeoutMs: CONNECT_WITHIN_MS },
  };
  const listeners: ((cause: LiveError) => void)[] = [];
  let found: SentinelAnswer | undefined;
  let foundAtMs = Number.NEGATIVE_INFINITY;
  let asking: Promise<Endpoint> | undefined;

  async function askOne(endpoint: Endpoint): Promise<SentinelAnswer> {
    const name = `Sentinel ${shownOf(endpoint)}`;
    try {
      const wire = await openWire({ ...limits, name, endpoint });
      try {
        return await askSentinel(wire.send, where.name);
      } finally {
        wire.end(new LiveError("LIVE_GROUND_AWAY", `${name}: not needed any more`));
      }
    } catch (error) {
      throw withFix(named(name, toLiveError(name, error)), endpoint.access.tls !== undefined);
    }
  }

  async function askAll(): Promise<Endpoint> {
    const askedAtMs = clock.now();
    const { answers, failures } = await answersOf(parts, where.sentinels.map(askOne));
    const newest = newestOf(answers);
    if (!newest) throw nobodyKnows(where.name, failures);
    // Other connections may be pausing between two attempts to reach the one before.
    note(newest);
    found = newest;
    foundAtMs = askedAtMs;
    return endpointOf(newest);
  }

  function endpointOf({ primary }: SentinelAnswer): Endpoint {
    return { ...reachedAt(where.natMap, primary), access: where.access, told: placeOf(primary) };
  }

  function note(answer: SentinelAnswer): void {
    const isOther = found && placeOf(found.primary) !== placeOf(answer.primary);
    if (!isOther || answer.configEpoch <= found!.configEpoch) return;
    found = answer;
    for (const listener of listeners) listener(movedTo(placeOf(answer.primary)));
  }

  function watch(endpoint: Endpoint): void {
    let isDown = false;
    openLink({
      ...{ ...limits, name: `Sentinel ${shownOf(endpoint)}`, tasks },
      locate: () => endpoint,
      onConnect: async () => undefined,
      beat: async (send) => note(await askSentinel(send, where.name)),
      onUp: () => void (isDown = false),
      onDown(cause) {
        // Once: it may be gone for good.
        if (!isDown) parts.report(cause);
        isDown = true;
      },
    });
  }

  where.sentinels.forEach(watch);

  function locate(): Promise<Endpoint> {
    return (asking ??= askAll().finally(() => (asking = undefined)));
  }

  return {
    locate,
    async confirm({ told }) {
      const now = clock.now() - foundAtMs > FRESH_MS ? (await locate()).told : placeOf(found!.primary);
      if (now !== told) throw movedTo(now);
    },
    onMoved: (listener) => void listeners.push(listener),
  };
}

function movedTo(place: string | undefined): LiveError {
  return new LiveError("LIVE_GROUND_AWAY", `the Sentinels name another primary: ${place}`);
}

/** The same error, saying which Sentinel it is of. */
function named(name: string, error: LiveError): LiveError {
  if (error.message.includes(name)) return error;
  return new LiveError(error.code, `${name}: ${error.message}`, { cause: error });
}

/** Refused only when every Sentinel refuses: one that is away may know. */
function nobodyKnows(name: string, failures: readonly LiveError[]): LiveError {
  const refused = failures.every(({ code }) => code === "LIVE_GROUND_REFUSED");
  const away = failures.find(({ code }) => code !== "LIVE_GROUND_REFUSED");
  const [first] = failures;
  if (away?.code === "LIVE_CLOSED") return away;
  const message = `no Sentinel names the primary "${name}". ${(refused ? first : away)?.message ?? "None was asked."}`;
  return new LiveError(refused ? "LIVE_GROUND_REFUSED" : "LIVE_GROUND_AWAY", message, {
    cause: refused ? first : away,
  });
}
