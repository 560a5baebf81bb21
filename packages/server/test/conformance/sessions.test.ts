import { describe, expect, test } from "vitest";
import { sessionStoreSuite } from "../../src/conformance/suites.ts";
import type { SessionStore } from "../../src/ports/session-store.ts";
import { MEMORY } from "./matrix.ts";
import { collectFrom } from "./plant.ts";
import type { Fault, Plant } from "./plant.ts";

describe.each(MEMORY)("$name", ({ open }) => {
  sessionStoreSuite({ test, open });
});

/** Plants a fault in the session store. */
function sessions(change: (store: SessionStore) => Partial<SessionStore>): Plant {
  return (realm) => ({
    ...realm,
    sessionStore: { ...realm.sessionStore, ...change(realm.sessionStore) },
  });
}

const HOUR_MS = 3_600_000;

const FAULTS: readonly Fault[] = [
  {
    fault: "loses a property named __proto__",
    plant: sessions(({ create }) => ({
      create: (input) => create({ ...input, fields: input.fields.filter(([name]) => name !== "__proto__") }),
    })),
    found: "a session is answered as it was created, and an id is created once",
  },
  {
    fault: "saves sessions whole, as the writer read them",
    plant: sessions(({ read, save }) => {
      const namesOf = async (id: string): Promise<readonly string[]> => {
        const reply = await read(id);
        return reply.state === "here" ? reply.record.fields.map(([name]) => name) : [];
      };
      return {
        async save(input) {
          const own = new Set([...(await namesOf(input.id)), ...input.set.map(([name]) => name)]);
          await save(input);
          const others = (await namesOf(input.id)).filter((name) => !own.has(name));
          return save({ ...input, remove: [...input.remove, ...others] });
        },
      };
    }),
    found: "200 sessions with three writers at once each lose nothing",
  },
  {
    fault: "takes strict for merge",
    plant: sessions(({ save }) => ({
      save: (input) => save({ ...input, mode: input.mode === "strict" ? "merge" : input.mode }),
    })),
    found: "of two who save one property, strict saves the first and tells the second which",
  },
  {
    fault: "takes strict for exact",
    plant: sessions(({ save }) => ({
      save: (input) => save({ ...input, mode: input.mode === "strict" ? "exact" : input.mode }),
    })),
    found: "of two who save one property, strict saves the first and tells the second which",
  },
  {
    fault: "takes exact for strict",
    plant: sessions(({ save }) => ({
      save: (input) => save({ ...input, mode: input.mode === "exact" ? "strict" : input.mode }),
    })),
    found: "exact saves nothing when anything was saved since, and touching is no save",
  },
  {
    fault: "counts a touch as a save",
    plant: sessions(({ touch, save }) => ({
      async touch(input) {
        const same = { base: 0, mode: "merge", set: [], remove: [], userId: undefined } as const;
        await save({ id: input.id, ...same, idleMs: input.idleMs });
        return touch(input);
      },
    })),
    found: "exact saves nothing when anything was saved since, and touching is no save",
  },
  {
    fault: "removes nothing",
    plant: sessions(({ save }) => ({ save: (input) => save({ ...input, remove: [] }) })),
    found: "properties that are removed are gone, and others stay",
  },
  {
    fault: "takes what is too large",
    plant: sessions(({ save }) => ({
      async save(input) {
        const reply = await save(input);
        return reply.state === "full" ? { state: "saved", version: 9, expiresAtMs: 9, beyond: [] } : reply;
      },
    })),
    found: "as many bytes and properties fit as the bounds say, and one more changes nothing",
  },
  {
    fault: "does not begin the idle time anew with a touch",
    plant: sessions(({ touch }) => ({ touch: (input) => touch({ ...input, budget: 1_000 }) })),
    found: "a session expires after its idle time, and a save or touch begins that anew",
  },
  {
    fault: "knows no absolute end",
    plant: sessions(({ create }) => ({ create: (input) => create({ ...input, absoluteMs: undefined }) })),
    found: "at its absolute end a session expires however much it is used",
  },
  {
    fault: "writes each touch",
    plant: sessions(({ touch }) => ({ touch: (input) => touch({ ...input, budget: 0 }) })),
    found: "a touch within the budget writes nothing, beyond it does, and so does another idle time",
  },
  {
    fault: "creates what it is told to save",
    plant: sessions(({ save, create }) => {
      let revived = 0;
      return {
        async save(input) {
          const reply = await save(input);
          if (reply.state !== "absent") return reply;
          const life = { idleMs: HOUR_MS, absoluteMs: undefined, isForeign: false };
          const fresh = { id: input.id, fields: input.set, userId: undefined, ...life };
          const made = await create(fresh);
          revived++;
          return made.state === "created"
            ? { state: "saved", version: revived, expiresAtMs: made.expiresAtMs, beyond: [] }
            : { state: "ended" };
        },
      };
    }),
    found: "a session expires after its idle time, and a save or touch begins that anew",
  },
  {
    fault: "forgets that a session was ended",
    plant: sessions(({ end, create }) => {
      const ended = new Map<string, number>();
      return {
        async end(ids, ending) {
          for (const id of ids) ended.set(id, 1);
          return end(ids, ending);
        },
        async create(input) {
          return ended.has(input.id)
            ? { state: "created", version: 1, expiresAtMs: 1, beyond: [] }
            : create(input);
        },
      };
    }),
    found: "a session that was ended stays so: nothing is saved, touched, rotated or created under its id",
  },
  {
    fault: "ends without telling the log which",
    plant: sessions(({ end }) => ({ end: (ids, ending) => end(ids, { ...ending, tags: [] }) })),
    found:
      "endings and rotations stand in the log with their tags, and the session is over when that is told",
  },
  {
    fault: "rotates to an empty session",
    plant: sessions(({ rotate }) => ({ rotate: (input) => rotate({ ...input, carry: false }) })),
    found: "a rotation carries what is there now, and what the old id answers is what was there before",
  },
  {
    fault: "answers the new session under the old id",
    plant: sessions(({ read, rotate }) => {
      const replaced = new Map<string, string>();
      return {
        async rotate(input) {
          const reply = await rotate(input);
          if (reply.state === "rotated") replaced.set(input.oldId, input.newId);
          return reply;
        },
        read: (id) => read(replaced.get(id) ?? id),
      };
    }),
    found: "a rotation carries what is there now, and what the old id answers is what was there before",
  },
  {
    fault: "writes to the new session through the old id",
    plant: sessions(({ save, rotate }) => {
      const replaced = new Map<string, string>();
      return {
        async rotate(input) {
          const reply = await rotate(input);
          if (reply.state === "rotated") replaced.set(input.oldId, input.newId);
          return reply;
        },
        save: (input) => save({ ...input, id: replaced.get(input.id) ?? input.id }),
      };
    }),
    found: "nothing is written through an id that was replaced, and of two who rotate at once one does",
  },
  {
    fault: "does not bind a session to a user who signs in to it",
    plant: sessions(({ save }) => ({ save: (input) => save({ ...input, userId: undefined }) })),
    found: "a user's sessions are those that were bound to the user, the last to expire first",
  },
  {
    fault: "signs out everywhere, the one that stays too",
    plant: sessions(({ endAll }) => ({ endAll: (input) => endAll({ ...input, except: undefined }) })),
    found: "signing out everywhere ends all sessions of the user but one, and later ones live",
  },
  {
    fault: "signs out only what the list names, one of them",
    plant: sessions(({ endAll, of, end }) => ({
      async endAll(input) {
        const [first] = await of(input.userId);
        return first ? { count: await end([first.id], input.ending), atMs: 0 } : endAll(input);
      },
    })),
    found: "signing out everywhere ends a session that was replaced as well",
  },
  {
    fault: "knows no bound on the sessions of a user",
    plant: sessions(({ create }) => ({
      async create(input) {
        const reply = await create(input);
        return reply.state === "created" ? { ...reply, beyond: [] } : reply;
      },
    })),
    found: "sessions of a user beyond the most are named, those that expire first",
  },
  {
    fault: "takes over sessions of users who were signed out",
    plant: sessions(({ create }) => ({ create: (input) => create({ ...input, isForeign: false }) })),
    found: "one that another store knew is not taken over once its user was signed out everywhere",
  },
  {
    fault: "tells the first page only",
    plant: sessions(({ page }) => ({
      page: async (from, limit) => ({ ...(await page(from, limit)), next: undefined }),
    })),
    found: "pages tell every session that is there, also while others come, move and go",
  },
];

const SUITES = [sessionStoreSuite];

// Some wait for what never comes, so they are tested side by side.
test.concurrent.for(FAULTS)("the suite finds a ground that $fault", async ({ plant, found }, context) => {
  await context.expect(collectFrom(SUITES, plant).get(found)!()).rejects.toBeInstanceOf(Error);
});

test("without a fault each of these sentences holds", async () => {
  const runs = collectFrom(SUITES);
  const sentences = new Set(FAULTS.map(({ found }) => found));
  const ends = await Promise.allSettled([...sentences].map((sentence) => runs.get(sentence)!()));
  expect(ends.filter(({ status }) => status === "rejected")).toEqual([]);
});
