import type { Play, Stage } from "../stage.ts";
import type { CachePlay } from "./cache-play.ts";

/** How long a node may answer from its own memory without having heard of the log. */
const LEASE_MS = 1_000;

/** What happens to the ground and to the links: data lost, connections broken, the ground away. */
export function playGround(stage: Stage, cache: CachePlay): Play {
  const { site, random } = stage;
  const { model, nodes } = site;

  const pause = (ms: number): Promise<void> => new Promise((resolve) => void site.clock.after(ms, resolve));

  /** As after a crash: everybody connects anew to what is left. */
  async function lose(kept: number): Promise<void> {
    stage.lost.isLost = true;
    site.trace(`the ground loses all but ${kept} of ${model.written()} writes`);
    for (const { link } of nodes) link.reconnect();
    await model.rollBack(kept);
    stage.count(kept === 0 ? "flush" : "roll back");
  }

  async function away(): Promise<void> {
    const { link } = stage.node();
    await pause(random.next() * 20);
    link.setAway(true);
    stage.count("away");
    await pause(random.next() * 60);
    link.setAway(false);
  }

  async function interrupt(): Promise<void> {
    const { link } = stage.node();
    link.interrupt();
    stage.count("interrupted");
    await pause(random.next() * random.pick([20, 20, 1_500]));
    link.restore();
  }

  /** A node hears nothing for longer than it may answer from its own memory, and does not know of a change. */
  async function deaf(): Promise<void> {
    const node = stage.node();
    node.link.interrupt();
    stage.count("deaf");
    await cache.change(nodes.find((other) => other !== node));
    await pause(LEASE_MS + random.next() * LEASE_MS);
    await cache.read(node, undefined, { key: cache.key });
    node.link.restore();
  }

  async function evict(): Promise<void> {
    stage.count("evict");
    site.trace("the ground evicts an entry");
    await model.evict(cache.key);
  }

  async function forgetTags(): Promise<void> {
    stage.count("tags forgotten");
    site.trace("the ground forgets tags");
    await model.forgetTags();
  }

  return {
    acts: [
      () => lose(0),
      () => lose(random.integer(model.written() + 1)),
      ...[away, away, interrupt, interrupt, deaf, evict, forgetTags],
    ],
    unsettled: async () => undefined,
    end: () => undefined,
  };
}
