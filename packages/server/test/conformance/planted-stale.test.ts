import { expect, test } from "vitest";
import type { ReadReply, StoredEntry } from "../../src/ports/cache-store.ts";
import type { Realm } from "../../src/ports/ground.ts";
import { collectRuns, log, store } from "./plant.ts";
import type { Fault, Plant } from "./plant.ts";

/** Plants a fault in what reads answer. */
function answers(change: (reply: ReadReply) => ReadReply): Plant {
  return store(({ read }) => ({ read: async (keys, judge) => (await read(keys, judge)).map(change) }));
}

const withEntry = (reply: ReadReply, part: Partial<StoredEntry>): ReadReply =>
  reply.state === "absent" ? reply : { ...reply, entry: { ...reply.entry, ...part } };

/** Softens tags that nothing was known of, as if they had been known all along. */
function softensUnknownTags(realm: Realm): Realm {
  const softened = new Set<string>();
  const append: Realm["changeLog"]["append"] = (change) => {
    if (change.mode === "stale") for (const tag of change.tags) softened.add(tag);
    return realm.changeLog.append(change);
  };
  const wronged = answers((reply) => {
    if (reply.state !== "invalid" || !reply.entry.tags.some((tag) => softened.has(tag))) return reply;
    return { state: "stale", entry: reply.entry, judgedAt: reply.entry.position };
  })(realm);
  return { ...wronged, changeLog: { ...realm.changeLog, append } };
}

const CHANGES: readonly Fault[] = [
  {
    fault: "takes what is stale for valid",
    plant: answers((reply) => (reply.state === "stale" ? { ...reply, state: "valid" } : reply)),
    found: "a soft change makes an entry stale, not void, and says at which log end",
  },
  {
    fault: "judges what is stale at its own stamp",
    plant: answers((reply) =>
      reply.state === "stale" ? { ...reply, judgedAt: reply.entry.position } : reply,
    ),
    found: "a soft change makes an entry stale, not void, and says at which log end",
  },
  {
    fault: "knows hard changes only",
    plant: log(({ append }) => ({ append: (change) => append({ ...change, mode: "purge" }) })),
    found: "a soft change makes an entry stale, not void, and says at which log end",
  },
  {
    fault: "knows soft changes only",
    plant: log(({ append }) => ({ append: (change) => append({ ...change, mode: "stale" }) })),
    found: "one tag that was purged voids, however many are only stale",
  },
  {
    fault: "forgets with a soft change that there was a hard one",
    plant: softensUnknownTags,
    found: "a hard change voids whatever soft changes come before and after it",
  },
  {
    fault: "softens a tag that it does not know",
    plant: softensUnknownTags,
    found: "a soft change of a tag that the ground does not know is a hard one",
  },
  {
    fault: "calls every value current that it stores",
    plant: store(({ commit }) => ({
      async commit(input) {
        const reply = await commit(input);
        return reply.state === "stored" ? { ...reply, verdict: "valid" } : reply;
      },
    })),
    found: "a value is stored over a soft change made during its load, and the reply says so",
  },
  {
    fault: "does not tell how a change moved its tags",
    plant: log(({ tail }) => ({
      tail: ({ node, onEvent }) =>
        tail({
          node,
          onEvent(event) {
            if (event.type !== "records") return onEvent(event);
            const records = event.records.map((record) => ({ ...record, mode: "purge" as const }));
            onEvent({ type: "records", records });
          },
        }),
    })),
    found: "the log tells how each change moved its tags, and judges claims by it",
  },
  {
    fault: "judges a claim by hard changes only",
    plant: log(({ judge }) => ({
      async judge(claims) {
        const { position, verdicts } = await judge(claims);
        return { position, verdicts: verdicts.map((verdict) => (verdict === "stale" ? "valid" : verdict)) };
      },
    })),
    found: "the log tells how each change moved its tags, and judges claims by it",
  },
  {
    fault: "moves tags once more when a soft change is retried",
    plant: log(({ append }) => ({ append: (change) => append({ ...change, retryAfter: undefined }) })),
    found: "a retry of a soft change moves nothing again",
  },
];

const ENTRIES: readonly Fault[] = [
  {
    fault: "keeps entries no longer than their TTL",
    plant: store(({ commit }) => ({ commit: (input) => commit({ ...input, keepMs: input.ttlMs }) })),
    found: "an entry past its TTL is answered as long as it is kept, and says how old it is",
  },
  {
    fault: "says how long an entry is kept where it is asked for the TTL",
    plant: answers((reply) =>
      reply.state === "absent" ? reply : withEntry(reply, { ttlMs: reply.entry.keptLeftMs }),
    ),
    found: "an entry past its TTL is answered as long as it is kept, and says how old it is",
  },
  {
    fault: "lets nobody replace an entry that is there",
    plant: store(({ begin, read }) => ({
      async begin(input) {
        const [there] = await read([input.key]);
        if (!there || there.state === "absent" || there.state === "invalid") return begin(input);
        return { state: "valid", entry: there.entry, judgedAt: there.judgedAt };
      },
    })),
    found: "an entry that is stale, or past its TTL, does not hinder the load that replaces it",
  },
  {
    fault: "takes a stamp for the name of a value",
    plant: store(({ commit, read }) => ({
      async commit(input) {
        const reply = await commit(input);
        return reply.state === "stored" ? { ...reply, id: String(input.position.seq) } : reply;
      },
      read: async (keys, judge) =>
        (await read(keys, judge)).map((reply) =>
          reply.state === "absent" ? reply : withEntry(reply, { id: String(reply.entry.position.seq) }),
        ),
    })),
    found: "every stored value has an id of its own, also at the same stamp",
  },
  {
    fault: "discards whatever is there",
    plant: store(({ discard, read }) => ({
      async discard(key, id) {
        const [there] = await read([key]);
        await discard(key, there && there.state !== "absent" ? there.entry.id : id);
      },
    })),
    found: "an entry is discarded only as the one that was seen",
  },
  {
    fault: "discards nothing",
    plant: store(() => ({ discard: async () => undefined })),
    found: "an entry is discarded only as the one that was seen",
  },
  {
    fault: "ends with the first page of keys",
    plant: store(({ keys }) => ({ keys: async (query) => ({ ...(await keys(query)), next: undefined }) })),
    found: "pages of keys tell every key of a prefix, whatever characters it has, and no other",
  },
  {
    fault: "leaves out a key between two pages",
    plant: store(({ keys }) => ({
      async keys(query) {
        const page = await keys(query);
        return page.next === undefined ? page : { ...page, keys: page.keys.slice(0, -1) };
      },
    })),
    found: "pages of keys tell every key of a prefix, whatever characters it has, and no other",
  },
  {
    fault: "takes a prefix for a pattern",
    plant: store(({ keys }) => ({
      async keys(query) {
        const page = await keys({ ...query, prefix: "" });
        return { ...page, keys: page.keys.filter((key) => new RegExp(`^${query.prefix}`).test(key)) };
      },
    })),
    found: "pages of keys tell every key of a prefix, whatever characters it has, and no other",
  },
];

test.each([...CHANGES, ...ENTRIES])("the suites find a ground that $fault", async ({ plant, found }) => {
  await expect(collectRuns(plant).get(found)!()).rejects.toMatchObject({ code: "ERR_ASSERTION" });
});

test("without a fault each of these sentences holds", async () => {
  const runs = collectRuns((realm) => realm);
  const sentences = new Set([...CHANGES, ...ENTRIES].map(({ found }) => found));
  const ends = await Promise.allSettled([...sentences].map((sentence) => runs.get(sentence)!()));
  expect(ends.filter(({ status }) => status === "rejected")).toEqual([]);
});
