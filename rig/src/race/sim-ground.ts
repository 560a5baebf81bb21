import { LiveError } from "livecache";
import type { CacheStore, ChangeLog, Ground, Realm } from "livecache";
import type { SeededRandom } from "../random.ts";
import type { SimClock } from "./sim-clock.ts";

/** A bug that can be planted, to prove that the checker sees it. */
export type Plant = "stamp-after-load" | "push-before-apply" | "near-without-lease";

/** How one node is connected to the shared ground in a simulation. */
export interface LinkOptions {
  readonly clock: SimClock;
  readonly random: SeededRandom;
  readonly plant?: Plant | undefined;
  /** Chance of one call, out of 1,000, to be lost before or after it took effect. */
  readonly lossPerMille: number;
  /** While true, nothing of the log reaches this node. */
  readonly cut: () => boolean;
}

/** How long a node waits for the answer to a call that was lost. */
const LOST_CALL_MS = 250;

/**
 * One node's link to a ground that several nodes share: every call takes a random time there and back, may be lost on either
 * way, and the log arrives late, in order, and not at all while the link is cut.
 */
export function linkTo(ground: Ground, options: LinkOptions): Ground {
  return { ...ground, realm: (name) => linkRealm(ground.realm(name), options) };
}

function linkRealm({ cacheStore, changeLog }: Realm, options: LinkOptions): Realm {
  const { clock, random, plant, lossPerMille } = options;
  const pass = (delayMs: number): Promise<void> =>
    new Promise((resolve) => void clock.after(delayMs, resolve));
  const hop = (): Promise<void> => pass(random.next() * (random.integer(10) === 0 ? 40 : 4));
  const lost = (): boolean => random.integer(1_000) < lossPerMille;

  async function timeOut(): Promise<never> {
    await pass(LOST_CALL_MS);
    throw new LiveError("LIVE_GROUND_TIMEOUT", "simulated: no answer");
  }

  async function call<T>(work: () => Promise<T>): Promise<T> {
    await hop();
    if (lost()) return timeOut();
    const reply = await work();
    await hop();
    return lost() ? timeOut() : reply;
  }

  const store: CacheStore = {
    read: (keys, judge) => call(() => cacheStore.read(keys, judge)),
    begin: (input) => call(() => cacheStore.begin(input)),
    commit: (input) =>
      call(async () => {
        if (plant !== "stamp-after-load") return cacheStore.commit(input);
        return cacheStore.commit({ ...input, position: await changeLog.position() });
      }),
    abandon: (key, lease) => call(() => cacheStore.abandon(key, lease)),
  };
  const log: ChangeLog = {
    append: (change) => call(() => changeLog.append(change)),
    position: () => call(() => changeLog.position()),
    acknowledge: (node, position) => call(() => changeLog.acknowledge(node, position)),
    lagging: (position) => call(() => changeLog.lagging(position)),
    judge: (claims) => call(() => changeLog.judge(claims)),
    cursor: (channel) => call(() => changeLog.cursor(channel)),
    renewEpoch: (from) => call(() => changeLog.renewEpoch(from)),
    tail(reader) {
      const deliver = inOrder(options, reader.onEvent, () => {
        if (plant === "near-without-lease") reader.onEvent({ type: "heard", askedAtMs: clock.now() });
      });
      return changeLog.tail({ node: reader.node, onEvent: deliver });
    },
    subscribe(channel, onEvent) {
      const deliver = inOrder({ ...options, cut: () => false }, onEvent);
      const early = { seq: 0 };
      return call(() =>
        changeLog.subscribe(channel, (event) =>
          deliver(
            plant === "push-before-apply" ? { ...event, position: { ...event.position, ...early } } : event,
          ),
        ),
      );
    },
  };
  return { cacheStore: store, changeLog: log };
}

/** Delivers in order, each item after a random time; while the link is cut all wait, and `whileCut` is told now and then. */
function inOrder<T>(
  { clock, random, cut }: LinkOptions,
  deliver: (item: T) => void,
  whileCut: () => void = () => undefined,
): (item: T) => void {
  const queue: T[] = [];

  function move(): void {
    clock.after(random.next() * (cut() ? 100 : 6), () => {
      if (cut()) {
        whileCut();
        return move();
      }
      deliver(queue.shift()!);
      if (queue.length > 0) move();
    });
  }

  return (item) => {
    queue.push(item);
    if (queue.length === 1) move();
  };
}
