import { PLANTED_BUGS, TRIED, catchPlant, failReplies, simulateAll } from "@livecache/rig";
import { expect, test } from "vitest";

const SCHEDULES = Number(process.env["SIMULATE_SCHEDULES"] ?? 1_000);
const SEED = Number(process.env["SIMULATE_SEED"] ?? 0);

/** What a search that has met everything has counted, of a thousand schedules. */
const MET = [
  ...["away", "interrupted", "flush", "roll back", "evict", "tags forgotten"],
  ...["change", "change pending", "joined", "resumed", "watch fresh", "notify", "notify pending"],
  ...["revoke", "revoke pending", "session created", "save saved", "end", "end pending"],
  ...["take strict allowed cluster", "take shared allowed local"],
  ...["refused: LIVE_GROUND_TIMEOUT", "refused: LIVE_GROUND_AWAY"],
];

test(
  `${SCHEDULES} seeded schedules: nothing stale, lost, doubled, accepted or left behind`,
  { timeout: 600_000 },
  async () => {
    const { schedules, findings, counts } = await simulateAll(SCHEDULES, SEED);
    expect({ schedules, findings }).toEqual({ schedules: SCHEDULES, findings: [] });
    // A schedule that meets nothing proves nothing.
    expect(MET.filter((what) => !counts[what])).toEqual([]);
  },
);

/** Each reply fails in one way, which is another one for the next; in all ways with SIMULATE_REPLIES=all. */
const WAYS = process.env["SIMULATE_REPLIES"] === "all" ? "all" : "one-each";

test.each(TRIED)(
  "%s: whichever reply fails, it ends as documented and is repaired within a second",
  async (operation) => {
    const tries = await failReplies(operation, WAYS);
    expect(tries.length).toBeGreaterThan(0);
    expect(tries.filter(({ fault }) => fault !== undefined)).toEqual([]);
  },
);

/** Bugs that are found soon; `npm run planted-bugs` plants all of them. */
const SOON = ["waits-without-deadline", "limit-per-node", "session-copy-outlives-its-end"];

test.each(PLANTED_BUGS.filter(({ name }) => SOON.includes(name)))(
  "a planted bug is found: $name",
  async (bug) => {
    expect(await catchPlant(bug, 60_000)).toMatchObject({ caught: true });
  },
);
