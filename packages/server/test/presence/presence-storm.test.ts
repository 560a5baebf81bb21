import { seededRandom } from "@livecache/rig";
import type { SeededRandom } from "@livecache/rig";
import { expect, test } from "vitest";
import { openPresenceSite } from "./presence-site.ts";
import type { PresenceNode, PresenceSite, Tab } from "./presence-site.ts";

const ROOMS = ["room/1", "room/2"];
const USERS = ["a", "b", "c", "d", "e"];

/** A tab of somebody, and what it is supposed to be in. */
interface Actor {
  readonly node: PresenceNode;
  readonly userId: string;
  readonly tab: Tab;
  readonly rooms: Set<string>;
  isAway: boolean;
}

interface World {
  readonly site: PresenceSite;
  readonly random: SeededRandom;
  nodes: PresenceNode[];
  actors: Actor[];
  deaf: boolean;
}

const ACTS: readonly ((world: World) => Promise<void> | void)[] = [
  open,
  open,
  open,
  close,
  close,
  leave,
  say,
  say,
  kill,
  (world) => world.site.setAway(true),
  (world) => world.site.setAway(false),
  (world) => world.site.setAway(false),
  (world) => void (world.deaf = true),
  (world) => void (world.deaf = false),
  (world) => void (world.deaf = false),
];

function open({ nodes, random, actors }: World): void {
  const [node, userId] = [random.pick(nodes), random.pick(USERS)];
  const tab = node.open(userId);
  const rooms = new Set(ROOMS.filter(() => random.next() < 0.7));
  tab.enter(...rooms);
  actors.push({ node, userId, tab, rooms, isAway: false });
}

function close(world: World): void {
  const { actors, random } = world;
  if (actors.length === 0) return;
  const actor = random.pick(actors);
  actor.tab.close();
  world.actors = actors.filter((other) => other !== actor);
}

function leave({ actors, random }: World): void {
  if (actors.length === 0) return;
  const { tab, rooms } = random.pick(actors);
  for (const room of [...rooms].filter(() => random.next() < 0.5)) {
    tab.leave(room);
    rooms.delete(room);
  }
}

async function say({ actors, random }: World): Promise<void> {
  if (actors.length === 0) return;
  const actor = random.pick(actors);
  actor.isAway = random.next() < 0.5;
  await actor.tab.ask("presence-set", { state: actor.isAway ? "away" : "online" });
}

function kill(world: World): void {
  const { site, nodes, random } = world;
  const victim = random.pick(nodes.slice(1));
  victim.kill();
  world.nodes = [...nodes.filter((node) => node !== victim), site.start()];
  world.actors = world.actors.filter(({ node }) => node !== victim);
}

/** Who is in a room, by what everybody did. */
function truth({ actors }: World, room: string): string[] {
  const there = actors.filter(({ rooms }) => rooms.has(room));
  const ids = [...new Set(there.map(({ userId }) => userId))];
  const stateOf = (id: string) =>
    there.every(({ userId, isAway }) => userId !== id || isAway) ? "away" : "online";
  return ["w online", ...ids.map((id) => `${id} ${stateOf(id)}`)].sort();
}

test.each(Array.from({ length: 60 }, (_, index) => 210 + index))(
  "G7 seed %i: whatever happens, in the end everybody sees who is there",
  async (seed) => {
    const site = openPresenceSite();
    const { follow } = site.store;
    const world: World = { site, random: seededRandom(seed), nodes: [], actors: [], deaf: false };
    // Steps get lost between the ground and the nodes.
    const lossy: typeof follow = (channel, onDiff) =>
      follow(channel, (diff) => {
        if (!world.deaf || world.random.next() < 0.5) onDiff(diff);
      });
    Object.assign(site.store, { follow: lossy });
    world.nodes = [site.start(), site.start(), site.start()];
    const watcher = world.nodes[0]!.open("w");
    watcher.enter(...ROOMS);
    await site.pass(1_000);
    for (const room of ROOMS) await watcher.page(room);
    for (let act = 0; act < 60; act++) {
      await world.random.pick(ACTS)(world);
      await site.pass(world.random.integer(1_500));
    }
    world.deaf = false;
    site.setAway(false);
    await site.pass(25_000);
    for (const room of ROOMS) {
      // What the watcher made of differences, from the first page on, and what it would be answered now.
      expect(watcher.shown(room), room).toEqual(truth(world, room));
      const page = await watcher.page(room);
      expect(page.users.map(({ userId, state }) => `${userId} ${state}`).sort()).toEqual(truth(world, room));
      expect([page.count, await site.store.count(room)]).toEqual([page.users.length, page.users.length]);
    }
    expect(watcher.holes()).toBe(0);
    expect(world.nodes.flatMap(({ warnings }) => warnings)).toEqual([]);
  },
);
