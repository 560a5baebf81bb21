import { LiveError } from "livecache";
import type {
  CacheStore,
  ChangeInput,
  ChangeLog,
  Ground,
  GroundStatus,
  Position,
  Realm,
  TailEvent,
} from "livecache";
import type { SeededRandom } from "../random.ts";
import type { SimClock } from "./sim-clock.ts";

/** A span of simulated time. */
export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** How one node is connected to the shared ground in a simulation. */
export interface LinkOptions {
  readonly clock: SimClock;
  readonly random: SeededRandom;
  /** Chance of one call, out of 1,000, to be lost before or after it took effect. */
  readonly lossPerMille: number;
  /** When nothing of the log reaches this node. */
  readonly cut: Span | undefined;
  /** After that the log starts again, and what was missed is never told. */
  readonly restarts: boolean;
  /** When the ground is away for this node; it notices within a quarter of a second. */
  readonly away: Span | undefined;
  /** Tags that travel with every record, so that a node has to forget others. */
  readonly ballast: readonly string[];
  /** Told when this node knows that a change stands. */
  readonly onAppended: (change: ChangeInput) => void;
  readonly count: (what: "invalid" | "refused" | "lost") => void;
}

/** How long a node waits for the answer to a call that was lost. */
const LOST_CALL_MS = 250;

function isIn(span: Span | undefined, nowMs: number): boolean {
  return span !== undefined && nowMs >= span.fromMs && nowMs < span.untilMs;
}

/**
 * One node's link to a ground that several nodes share: every call takes a random time there and back, may be lost on either
 * way, and the log arrives late, in order, and not at all while the link is cut.
 */
export function linkTo(ground: Ground, options: LinkOptions): Ground {
  const { clock, away } = options;
  /** Since when the node knows that the ground is away. */
  const noticed = away && { fromMs: away.fromMs + LOST_CALL_MS, untilMs: away.untilMs };
  const status = (): GroundStatus =>
    isIn(noticed, clock.now())
      ? { state: "away", sinceMs: noticed!.fromMs, cause: "simulated" }
      : ground.status();
  return {
    ...ground,
    realm: (name) => linkRealm(ground.realm(name), options, () => status().state === "away"),
    status,
    onStatus(listener) {
      if (!noticed) return () => undefined;
      const cancels = [noticed.fromMs, noticed.untilMs].map((atMs) =>
        clock.after(atMs - clock.now(), () => listener(status())),
      );
      return () => void cancels.forEach((cancel) => cancel());
    },
  };
}

type Call = <T>(work: () => Promise<T>) => Promise<T>;

function linkRealm(
  { cacheStore, changeLog, ...others }: Realm,
  options: LinkOptions,
  isAway: () => boolean,
): Realm {
  const call = createCall(options, isAway);
  return {
    ...others,
    cacheStore: linkStore(cacheStore, call, options),
    changeLog: linkLog(changeLog, call, options),
  };
}

function createCall({ clock, random, lossPerMille, away, count }: LinkOptions, isAway: () => boolean): Call {
  const pass = (delayMs: number): Promise<void> =>
    new Promise((resolve) => void clock.after(delayMs, resolve));
  const hop = (): Promise<void> => pass(random.next() * (random.integer(10) === 0 ? 40 : 4));
  const lost = (): boolean => isIn(away, clock.now()) || random.integer(1_000) < lossPerMille;

  async function timeOut(): Promise<never> {
    count("lost");
    await pass(LOST_CALL_MS);
    throw new LiveError("LIVE_GROUND_TIMEOUT", "simulated: no answer");
  }

  return async (work) => {
    if (isAway()) throw new LiveError("LIVE_GROUND_AWAY", "simulated: away");
    await hop();
    if (lost()) return timeOut();
    const reply = await work();
    await hop();
    return lost() ? timeOut() : reply;
  };
}

function linkStore(store: CacheStore, call: Call, { count }: LinkOptions): CacheStore {
  return {
    async read(keys, judge) {
      const replies = await call(() => store.read(keys, judge));
      for (const { state } of replies) if (state === "invalid") count("invalid");
      return replies;
    },
    begin: (input) => call(() => store.begin(input)),
    async commit(input) {
      const reply = await call(() => store.commit(input));
      if (reply.state === "refused") count("refused");
      return reply;
    },
    extend: (key, lease, leaseMs) => call(() => store.extend(key, lease, leaseMs)),
    abandon: (key, lease) => call(() => store.abandon(key, lease)),
    discard: (key, id) => call(() => store.discard(key, id)),
    keys: (query) => call(() => store.keys(query)),
  };
}

function linkLog(log: ChangeLog, call: Call, options: LinkOptions): ChangeLog {
  const { ballast, onAppended } = options;
  return {
    async append(change): Promise<Position> {
      const position = await call(() => log.append(change));
      onAppended(change);
      return position;
    },
    position: () => call(() => log.position()),
    sourcePlace: (name) => call(() => log.sourcePlace(name)),
    acknowledge: (node, position) => call(() => log.acknowledge(node, position)),
    nodes: () => call(() => log.nodes()),
    lagging: (position) => call(() => log.lagging(position)),
    judge: (claims) => call(() => log.judge(claims)),
    cursor: (channel) => call(() => log.cursor(channel)),
    history: (channel, query) => call(() => log.history(channel, query)),
    renewEpoch: (from) => call(() => log.renewEpoch(from)),
    tail(reader) {
      const told =
        ballast.length === 0 ? reader.onEvent : (event: TailEvent) => reader.onEvent(laden(event, ballast));
      const silences = [options.cut, options.away];
      const restart = options.restarts ? startAfter : undefined;
      return log.tail({ node: reader.node, onEvent: inOrder(options, { silences, restart }, told) });
    },
    subscribe(channel, onEvent) {
      const deliver = inOrder(options, { silences: [] }, onEvent);
      return call(() => log.subscribe(channel, deliver));
    },
  };
}

function laden(event: TailEvent, ballast: readonly string[]): TailEvent {
  if (event.type !== "records") return event;
  return {
    type: "records",
    records: event.records.map((record) => ({ ...record, tags: [...record.tags, ...ballast] })),
  };
}

/** What a log that starts again tells instead of what it had to tell. */
function startAfter(missed: readonly TailEvent[]): TailEvent[] {
  const position = missed
    .flatMap((event) => (event.type === "records" ? event.records.map((record) => record.position) : []))
    .at(-1);
  return position ? [{ type: "start", position }] : [...missed];
}

interface Delivery<T> {
  readonly silences: readonly (Span | undefined)[];
  /** Replaces what waited through a silence. */
  readonly restart?: ((missed: readonly T[]) => T[]) | undefined;
}

/** Delivers in order, each item after a random time; what comes in a silence waits for its end. */
function inOrder<T>(
  { clock, random }: LinkOptions,
  { silences, restart }: Delivery<T>,
  deliver: (item: T) => void,
): (item: T) => void {
  let queue: T[] = [];
  const isSilent = (): boolean => silences.some((span) => isIn(span, clock.now()));
  let wasSilent = false;

  function move(): void {
    clock.after(random.next() * (isSilent() ? 100 : 6), () => {
      if (isSilent()) {
        wasSilent = true;
        return move();
      }
      if (wasSilent && restart) queue = restart(queue);
      wasSilent = false;
      deliver(queue.shift()!);
      if (queue.length > 0) move();
    });
  }

  return (item) => {
    queue.push(item);
    if (queue.length === 1) move();
  };
}
