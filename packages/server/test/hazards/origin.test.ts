import { expect, onTestFinished, test } from "vitest";
import { createLive } from "../../src/assembly/create-live.ts";
import type { Clock } from "../../src/base/clock.ts";
import { createMemoryGround } from "../../src/memory/ground.ts";

/** Hazards on the side of the database, which no cache can see: what is promised for them, and what is not. */

/** A clock that the test moves. Timers run when their time has come, one after the other. */
function manualClock() {
  let nowMs = 0;
  let timers: { readonly atMs: number; readonly task: () => void }[] = [];
  const clock: Clock = {
    now: () => nowMs,
    wall: () => 1_800_000_000_000 + nowMs,
    after(delayMs, task) {
      const timer = { atMs: nowMs + delayMs, task };
      timers.push(timer);
      return () => void (timers = timers.filter((one) => one !== timer));
    },
  };
  const turns = async (): Promise<void> => {
    for (let turn = 0; turn < 50; turn++) await undefined;
  };
  return {
    clock,
    async pass(ms: number): Promise<void> {
      const endsAtMs = nowMs + ms;
      await turns();
      for (;;) {
        const [next] = timers.filter(({ atMs }) => atMs <= endsAtMs).sort((x, y) => x.atMs - y.atMs);
        if (!next) break;
        timers = timers.filter((one) => one !== next);
        nowMs = next.atMs;
        next.task();
        await turns();
      }
      nowMs = endsAtMs;
    },
  };
}

/** Two nodes, one database, and a replica of it that says what it is told to. */
function openSite() {
  const { clock, pass } = manualClock();
  const ground = createMemoryGround({ clock });
  const quiet = { warn: () => undefined };
  const [a, b] = [1, 2].map(() => createLive({ ground, clock, logger: quiet })) as [Live, Live];
  onTestFinished(async () => {
    const closing = Promise.all([a.close(), b.close()]);
    await pass(1);
    await closing;
  });
  return { a, b, pass, rows: { primary: "old", replica: "old" } };
}

type Live = ReturnType<typeof createLive>;

const read = (live: Live, load: () => string, swr?: "5s"): Promise<string> =>
  live.cache.getOrSet("k", load, { ttl: "1m", tags: ["t"], ...(swr ? { stale: { swr } } : {}) });

test("a database replica that lags: naive, one change, and what the replica said stays", async () => {
  const { a, b, pass, rows } = openSite();
  await read(a, () => rows.replica);
  rows.primary = "new";
  await a.change({ tags: ["t"] });
  expect(await read(b, () => rows.replica)).toBe("old");
  rows.replica = rows.primary;
  await pass(30_000);
  expect(await read(b, () => rows.replica)).toBe("old");
});

test("a database replica that lags: ours, delayedAgain forgets once more what it said meanwhile", async () => {
  const { a, b, pass, rows } = openSite();
  await read(a, () => rows.replica);
  rows.primary = "new";
  await a.change({ tags: ["t"], delayedAgain: "2s" });
  expect(await read(b, () => rows.replica)).toBe("old");
  rows.replica = rows.primary;
  await pass(1_999);
  expect(await read(b, () => rows.replica)).toBe("old");
  await pass(2);
  expect(await read(b, () => rows.replica)).toBe("new");
  expect(await read(a, () => rows.replica)).toBe("new");
});

test("a database replica that lags: a load that is under way when it is said again is not stored", async () => {
  const { a, b, pass, rows } = openSite();
  await a.change({ tags: ["t"], delayedAgain: "2s" });
  let answer = (): void => undefined;
  const asked = new Promise<void>((resolve) => (answer = resolve));
  const load = async (): Promise<string> => {
    const said = rows.replica;
    await asked;
    return said;
  };
  await pass(1_990);
  const reading = b.cache.getOrSet("k", load, { ttl: "1m", tags: ["t"] });
  await pass(5);
  rows.replica = "new";
  await pass(10);
  answer();
  expect(await reading).toBe("old");
  expect(await read(b, () => rows.replica)).toBe("new");
});

test("a process that dies between COMMIT and change: naive, a TTL that every hit renews never ends", async () => {
  const { pass } = openSite();
  const kept = { value: "old", untilMs: 60_000 };
  let nowMs = 0;
  for (let minute = 0; minute < 10; minute++) {
    await pass(50_000);
    nowMs += 50_000;
    if (nowMs < kept.untilMs) kept.untilMs = nowMs + 60_000;
  }
  expect(nowMs < kept.untilMs).toBe(true);
});

test.each([
  ["without stale values, until the TTL ends", undefined, 60_000],
  ["with stale-while-revalidate, so much longer at most", "5s", 65_000],
] as const)(
  "a process that dies between COMMIT and change: ours, the old value lives %s",
  async (_how, swr, endsMs) => {
    const { a, b, pass, rows } = openSite();
    await read(a, () => rows.primary, swr);
    rows.primary = "new";
    // Here the process dies: nobody calls change. Hits do not make the value live longer.
    for (let asked = 0; asked < 5; asked++) {
      await pass(Math.floor((endsMs - 1) / 5));
      const failing = (): never => {
        throw new Error("no database");
      };
      expect(await read(asked % 2 ? a : b, failing, swr)).toBe("old");
    }
    await pass(10);
    expect(await read(b, () => rows.primary, swr)).toBe("new");
    expect(await read(a, () => rows.primary, swr)).toBe("new");
  },
);
