import { describe, expect, test } from "vitest";
import { presenceStoreSuite } from "../../src/conformance/presence-store-suite.ts";
import { socketStoreSuite } from "../../src/conformance/socket-store-suite.ts";
import type { PresenceStore } from "../../src/ports/presence-store.ts";
import { MEMORY } from "./matrix.ts";
import { openPlanted } from "./plant.ts";
import type { Fault, Plant } from "./plant.ts";

describe.each(MEMORY)("$name", ({ open }) => {
  presenceStoreSuite({ test, open });
  socketStoreSuite({ test, open });
});

function presence(change: (store: PresenceStore) => Partial<PresenceStore>): Plant {
  return (realm) => ({
    ...realm,
    presenceStore: { ...realm.presenceStore, ...change(realm.presenceStore) },
  });
}

const FAULTS: readonly Fault[] = [
  {
    fault: "lets an ended incarnation begin again",
    plant: presence(({ renew }) => ({
      renew: async (input) => ({ ...(await renew(input)), alive: true }),
    })),
    found:
      "an incarnation that has ended stays so: it is not renewed, does not begin again, and writes nothing",
  },
  {
    fault: "lets ended incarnations write",
    plant: presence(({ write }) => ({ write: async (input) => (await write(input)) || true })),
    found: "an incarnation that never began writes nothing and is not renewed",
  },
  {
    fault: "keeps users of ended incarnations on its pages",
    plant: presence(({ page }) => ({
      async page(channel, query) {
        const { users, ...rest } = await page(channel, query);
        return { ...rest, users: [...users, { userId: "a", state: "online" }], count: rest.count + 1 };
      },
    })),
    found: "users of an ended incarnation are not there, before anybody removes them",
  },
  {
    fault: "tells steps twice",
    plant: presence(({ follow }) => ({
      follow: (channel, onDiff) =>
        follow(channel, (diff) => {
          onDiff(diff);
          onDiff(diff);
        }),
    })),
    found: "removing an ended incarnation tells who is gone by that, once, and only of it",
  },
  {
    fault: "tells of users who have come back over another incarnation as gone",
    plant: presence(({ follow }) => ({
      follow: (channel, onDiff) =>
        follow(channel, (diff) => {
          const left = diff.moves?.joined.some(({ userId }) => userId === "b") ? ["a"] : [];
          onDiff({ ...diff, moves: diff.moves && { ...diff.moves, left: [...diff.moves.left, ...left] } });
        }),
    })),
    found: "a user who came back over another incarnation meanwhile is not gone, and that is not told",
  },
  {
    fault: "counts connections, not users",
    plant: presence(({ count }) => ({ count: async (channel) => 2 * (await count(channel)) })),
    found: "a user is there once, as long as one incarnation says so",
  },
  {
    fault: "lists big channels",
    plant: presence(({ follow }) => ({
      follow: (channel, onDiff) =>
        follow(channel, (diff) =>
          onDiff({ ...diff, moves: diff.moves ?? { joined: [], left: [], changed: [] } }),
        ),
    })),
    found: "up to 200 users are told one by one, above that only the count",
  },
  {
    fault: "tells everybody of every ended incarnation",
    plant: presence(({ renew }) => {
      const dead = new Set<string>();
      return {
        async renew(input) {
          const reply = await renew(input);
          for (const name of reply.dead) dead.add(name);
          return { ...reply, dead: [...dead] };
        },
      };
    }),
    found: "of those that ended, each asker is told of others, and again when nothing came of it",
  },
  {
    fault: "removes incarnations that live",
    plant: presence(({ reap, write }) => ({
      async reap(incarnation) {
        await write({ incarnation, channel: "room", users: [{ userId: "a" }] });
        return reap(incarnation);
      },
    })),
    found: "removing never touches an incarnation that lives",
  },
  {
    fault: "skips a user between two pages",
    plant: presence(({ page }) => ({
      async page(channel, query) {
        const found = await page(channel, query);
        return query.after === undefined ? found : { ...found, users: found.users.slice(1) };
      },
    })),
    found: "pages go on where the one before ended, and tell everybody once",
  },
  {
    fault: "leaves removed sockets on their user's list",
    plant: (realm) => ({
      ...realm,
      socketStore: { ...realm.socketStore, remove: async () => undefined },
    }),
    found: "a removed socket is gone from everywhere, and removing it again is accepted",
  },
];

test.each(FAULTS)("the suites find a ground that $fault", async ({ plant, found }) => {
  const runs = new Map<string, () => Promise<void>>();
  const collect = (name: string, run: () => Promise<void>) => runs.set(name, run);
  const open = () => openPlanted(plant);
  presenceStoreSuite({ test: collect, open });
  socketStoreSuite({ test: collect, open });
  await expect(runs.get(found)!()).rejects.toMatchObject({ code: "ERR_ASSERTION" });
});
