import { LiveError } from "livecache";
import type { Clock, Ground, GroundStatus, Realm, Tail, TailEvent, TailReader } from "livecache";
import type { SeededRandom } from "../random.ts";
import type { ModelGround } from "./model-ground.ts";
import { CALM } from "./weather.ts";
import type { Fate, Weather } from "./weather.ts";

/** How a link is made. */
export interface LinkParts {
  readonly clock: Clock;
  readonly random: SeededRandom;
  readonly model: ModelGround;
  /** What happens to a call, by `store.method`. */
  readonly fateOf: (call: string, weather: Weather) => Fate;
  readonly trace: (line: string) => void;
  /** Whether anybody reads the trace. */
  readonly isTraced: () => boolean;
}

/** One node's link to the model ground. */
export interface FaultyLink {
  readonly ground: Ground;
  /** How calls and deliveries fare from now on. */
  setWeather(weather: Weather): void;
  /** The node sees that the ground is away, or that it is back. */
  setAway(away: boolean): void;
  /** Nothing of what the ground tells reaches the node, until `restore`: then it is told where the log stands. */
  interrupt(): void;
  restore(): void;
  /** The connection broke, and is there again: what is on its way is lost. */
  reconnect(): void;
  /** For good: the process is dead. */
  kill(): void;
}

/** How long a node waits for the answer to a call that was lost. */
const DEADLINE_MS = 250;
const LATE_MS = 200;

type Method = (...args: readonly unknown[]) => Promise<unknown>;

/** Calls that begin to listen; what they are told comes through the link too. */
const LISTENING: Readonly<Record<string, number>> = {
  "changeLog.subscribe": 1,
  "presenceStore.follow": 1,
  "lane.listen": 1,
};

/** Links one node to the model. */
export function createFaultyLink(parts: LinkParts): FaultyLink {
  return new Link(parts);
}

class Link implements FaultyLink {
  readonly ground: Ground;
  readonly #parts: LinkParts;
  #weather: Weather = CALM;
  #status: GroundStatus = { state: "here", sinceMs: 0 };
  #interrupted = false;
  #dead = false;
  /** Grows with each connection: what was on its way in an earlier one never arrives. */
  #connection = 0;
  readonly #tails = new Set<TailReader>();
  readonly #listeners = new Set<(status: GroundStatus) => void>();

  constructor(parts: LinkParts) {
    this.#parts = parts;
    const realm = this.#linkRealm();
    this.ground = {
      kind: "redis",
      realm: () => realm,
      status: () => this.#status,
      onStatus: (listener) => {
        this.#listeners.add(listener);
        return () => void this.#listeners.delete(listener);
      },
      advice: () => [],
      info: async () => ({ kind: "redis", servers: [], counts: {}, isPartial: false }),
      date: () => parts.clock.wall(),
      close: () => Promise.resolve(),
    };
  }

  setWeather(weather: Weather): void {
    this.#weather = weather;
  }

  setAway(away: boolean): void {
    if ((this.#status.state === "away") === away) return;
    const sinceMs = this.#parts.clock.now();
    this.#status = away ? { state: "away", sinceMs, cause: "simulated" } : { state: "here", sinceMs };
    this.#parts.trace(`the ground is ${this.#status.state}`);
    for (const listener of this.#listeners) listener(this.#status);
  }

  interrupt(): void {
    this.#interrupted = true;
  }

  restore(): void {
    if (!this.#interrupted) return;
    this.#interrupted = false;
    this.reconnect();
  }

  reconnect(): void {
    this.#connection++;
    void this.#startTails();
  }

  kill(): void {
    this.#dead = true;
    this.#interrupted = true;
  }

  async #startTails(): Promise<void> {
    const position = await this.#parts.model.realm.changeLog.position();
    for (const reader of this.#tails) this.#deliver(reader.onEvent, { type: "start", position });
  }

  #linkRealm(): Realm {
    const { realm } = this.#parts.model;
    const stores = Object.fromEntries(
      (Object.keys(realm) as (keyof Realm)[]).map((store) => [store, this.#linkStore(store, realm[store])]),
    ) as unknown as Realm;
    const changeLog = { ...stores.changeLog, tail: (reader: TailReader): Tail => this.#tail(reader) };
    return { ...stores, changeLog };
  }

  #linkStore(store: keyof Realm, methods: object): unknown {
    return Object.fromEntries(
      Object.entries(methods as Record<string, Method>).map(([method, work]) => {
        const name = `${store}.${method}`;
        const at = LISTENING[name];
        if (at === undefined) return [method, (...args: readonly unknown[]) => this.#call(name, work, args)];
        return [
          method,
          (...args: readonly unknown[]) => {
            const told = args.slice();
            told[at] = this.#inOrder(args[at] as (item: unknown) => void);
            return this.#call(name, work, told);
          },
        ];
      }),
    );
  }

  #call(name: string, work: Method, args: readonly unknown[]): Promise<unknown> {
    const { trace, isTraced } = this.#parts;
    const away = this.#status.state === "away";
    const fate = away ? "fine" : this.#parts.fateOf(name, this.#weather);
    if (isTraced()) trace(`→ ${name} ${away ? "(away)" : fate === "fine" ? "" : `(${fate})`}`);
    if (this.#dead) return new Promise(() => undefined);
    if (away) return Promise.reject(new LiveError("LIVE_GROUND_AWAY", "simulated: away"));
    if (fate === "fine" && this.#weather.hopMs === 0) return work(...args);
    if (fate === "busy") return Promise.reject(new LiveError("LIVE_GROUND_BUSY", "simulated: busy"));
    return this.#carry(fate, () => work(...args));
  }

  async #carry(fate: Fate, work: () => Promise<unknown>): Promise<unknown> {
    const connection = this.#connection;
    const beganAtMs = this.#parts.clock.now();
    await this.#hop();
    if (fate === "lost" || connection !== this.#connection) return this.#timeOut(beganAtMs);
    if (fate === "refused") throw new LiveError("LIVE_GROUND_REFUSED", "simulated: read-only");
    const reply = work();
    reply.catch(() => undefined);
    await (fate === "late" ? this.#pass(LATE_MS) : this.#hop());
    if (fate === "unanswered" || connection !== this.#connection) return this.#timeOut(beganAtMs);
    return reply;
  }

  async #timeOut(beganAtMs: number): Promise<never> {
    const { clock } = this.#parts;
    await this.#pass(Math.max(0, beganAtMs + DEADLINE_MS - clock.now()));
    throw new LiveError("LIVE_GROUND_TIMEOUT", "simulated: no answer");
  }

  #pass(delayMs: number): Promise<void> {
    return new Promise((resolve) => void this.#parts.clock.after(delayMs, resolve));
  }

  /** Half of all ways take no time to speak of. */
  #hop(): Promise<void> | undefined {
    const { random } = this.#parts;
    const { hopMs } = this.#weather;
    return hopMs === 0 || random.integer(2) === 0 ? undefined : this.#pass(random.next() * hopMs);
  }

  #tail(reader: TailReader): Tail {
    // Nothing is "heard" of an interrupted log: what was asked before the interruption may have missed records.
    const onEvent = this.#inOrder((event: TailEvent) => reader.onEvent(event));
    this.#tails.add(reader);
    const tail = this.#parts.model.realm.changeLog.tail({ node: reader.node, onEvent });
    return {
      close: () => {
        this.#tails.delete(reader);
        return tail.close();
      },
    };
  }

  #deliver<T>(take: (item: T) => void, item: T): void {
    if (this.#interrupted || this.#dead) return;
    this.#trace(item);
    take(item);
  }

  #trace(item: unknown): void {
    const { trace, isTraced } = this.#parts;
    if (!isTraced() || (item as { type?: string }).type === "heard") return;
    trace(`← ${JSON.stringify(item)?.slice(0, 160)}`);
  }

  /** Delivers in order, each item after a random time; what the weather says is told twice, or after the next one. */
  #inOrder<T>(take: (item: T) => void): (item: T) => void {
    let queue: { readonly item: T; readonly connection: number }[] = [];
    const flush = (): void => {
      const now = queue;
      queue = [];
      for (const { item, connection } of now) if (connection === this.#connection) this.#deliver(take, item);
    };
    return (item) => {
      const { random, clock } = this.#parts;
      const { hopMs, twice, swapped } = this.#weather;
      if (hopMs === 0 && queue.length === 0) return this.#deliver(take, item);
      const told = { item, connection: this.#connection };
      const last = queue.at(-1);
      const maySwap = last !== undefined && !isStart(item) && !isStart(last.item);
      if (maySwap && random.integer(1_000) < swapped) queue.splice(queue.length - 1, 0, told);
      else queue.push(told);
      if (random.integer(1_000) < twice && !isStart(item)) queue.push(told);
      if (queue[0] === told) clock.after(random.next() * hopMs, flush);
    };
  }
}

/** Where a log begins cannot be told twice, or later: whatever comes before it is nothing. */
function isStart(item: unknown): boolean {
  const { type } = item as { type?: string };
  return type === "start" || type === "heard";
}
