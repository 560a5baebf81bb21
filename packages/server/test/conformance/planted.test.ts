import { expect, test } from "vitest";
import { cacheStoreSuite, changeLogSuite } from "../../src/conformance/suites.ts";
import { collectRuns, log, openPlanted, store } from "./plant.ts";
import type { Fault } from "./plant.ts";

const FAULTS: readonly Fault[] = [
  {
    fault: "stamps a value when its load ends",
    plant: store(({ commit }, { changeLog }) => ({
      commit: async (input) => commit({ ...input, position: await changeLog.position() }),
    })),
    found: "a value is refused when one of its tags moved after its load began",
  },
  {
    fault: "forgets tags that were named after the load",
    plant: store(({ commit }) => ({ commit: (input) => commit({ ...input, tags: input.tags.slice(0, 1) }) })),
    found: "tags that are named only after the load count as much",
  },
  {
    fault: "lets everybody load",
    plant: store(({ begin }, { changeLog }) => ({
      begin: async (input) => {
        const reply = await begin(input);
        if (reply.state !== "busy") return reply;
        return { state: "granted", lease: "another", position: await changeLog.position() };
      },
    })),
    found: "of 100 callers at once one may load, and the others learn how long at most",
  },
  {
    fault: "keeps leases of values that were refused",
    plant: store(({ commit }) => ({
      commit: async (input) => {
        const reply = await commit({ ...input, lease: undefined });
        if (reply.state === "stored") await commit(input);
        return reply;
      },
    })),
    found: "whatever the answer, the caller's lease is given back",
  },
  {
    fault: "appends a retry once more",
    plant: log(({ append }) => ({ append: (change) => append({ ...change, retryAfter: undefined }) })),
    found:
      "a retry of a change that is in the log appends nothing, publishes nothing, and answers the same position",
  },
  {
    fault: "tells records twice",
    plant: log(({ tail }) => ({
      tail: ({ node, onEvent }) =>
        tail({
          node,
          onEvent(event) {
            if (event.type === "records") onEvent(event);
            onEvent(event);
          },
        }),
    })),
    found: "every record is told exactly once, in the order of the log",
  },
  {
    fault: "takes an unknown tag for an unmoved one",
    plant: log(({ judge }) => ({
      judge: async (claims) => {
        const { position, verdicts } = await judge(claims);
        const known = (index: number) => !claims[index]!.tags.includes("never seen");
        return { position, verdicts: verdicts.map((verdict, index) => (known(index) ? verdict : "valid")) };
      },
    })),
    found: "a tag that the ground has no record of is changed",
  },
  {
    fault: "renews an epoch for everybody who asks",
    plant: log(({ renewEpoch, position }) => ({
      renewEpoch: async () => renewEpoch((await position()).epoch),
    })),
    found: "an epoch is renewed only from the current one, and who comes late is told the one in force",
  },
  {
    fault: "answers a history from one event too late",
    plant: log(({ history }) => ({
      history: (channel, query) => {
        const after = { ...query.after, offset: query.after.offset + 1 };
        return history(channel, { ...query, after });
      },
    })),
    found: "of more events than are kept the first are trimmed",
  },
  {
    fault: "goes on in another epoch as if nothing had happened",
    plant: log(({ history, cursor }) => ({
      history: async (channel, query) => {
        const { epoch } = await cursor(channel);
        return history(channel, { ...query, after: { ...query.after, epoch } });
      },
    })),
    found: "a cursor of another epoch has a gap, and so has one that lies ahead",
  },
  {
    fault: "keeps events for ever",
    plant: log(({ history }) => ({
      history: (channel, query) => history(channel, { ...query, maxAgeMs: 3_600_000 }),
    })),
    found: "an event that is older than the channel keeps is expired, and younger ones are not",
  },
  {
    fault: "answers a part of a history that is too long",
    plant: log(({ history }) => ({
      history: async (channel, query) => {
        const reply = await history(channel, { ...query, limit: 1_000 });
        return { ...reply, events: reply.events.slice(0, query.limit) };
      },
    })),
    found: "more than the limit, in events or bytes, is an overflow; exactly the limit is not",
  },
  {
    fault: "sends a message to every topic",
    plant: (realm) => ({
      ...realm,
      lane: {
        listen: (_topic, onMessage) => realm.lane.listen("all", onMessage),
        send: (_topic, message) => realm.lane.send("all", message),
      },
    }),
    found: "another topic, and the same topic of another realm, hear nothing of it",
  },
];

test.each(FAULTS)("the suites find a ground that $fault", async ({ plant, found }) => {
  await expect(collectRuns(plant).get(found)!()).rejects.toMatchObject({ code: "ERR_ASSERTION" });
});

test("a skipped test that there is not is refused; one that there is runs nowhere", () => {
  const names: string[] = [];
  const collect = (name: string) => names.push(name);
  const open = () => openPlanted((realm) => realm);
  const skip = { "an expired entry is absent": "a reason" };
  cacheStoreSuite({ test: collect, open, skip });
  expect(names).toContain("a lease that is not given back ends by itself");
  expect(names).not.toContain("an expired entry is absent");
  expect(() => changeLogSuite({ test: collect, open, skip: { "no such test": "a reason" } })).toThrow(
    expect.objectContaining({ code: "LIVE_OPTIONS_INVALID" }),
  );
});
