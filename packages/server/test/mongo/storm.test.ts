import { seededRandom } from "@livecache/rig";
import { expect, onTestFinished, test } from "vitest";
import { eventually } from "../../src/conformance/eventually.ts";
import { createTakingLog, openTaker, told } from "../../src/conformance/source-acts.ts";
import type { Taker, TakingLog } from "../../src/conformance/source-acts.ts";
import type { SourceChange } from "../../src/ports/change-source.ts";
import { sourceUnderTest, startWireSite } from "./mongo-site.ts";

const SEED = Number(process.env["SEED"] ?? 1);
const STEPS = Number(process.env["STEPS"] ?? 40);

test(`seed ${SEED}: processes come and go, hang and are overtaken, streams break: all is told in order, each once, or a gap is`, async () => {
  const random = seededRandom(SEED);
  const site = await startWireSite();
  onTestFinished(site.close);
  const under = sourceUnderTest(site);
  const log = createTakingLog();
  const parts = cutAtGaps(log);
  const takers: Taker[] = [];
  onTestFinished(async () => void (await Promise.all(takers.map((taker) => taker.close()))));
  const committed: { tag: string; gaps: number }[] = [];
  const releases: (() => void)[] = [];
  const open = (): void => void takers.push(openTaker(under, log));

  async function commit(count: number): Promise<void> {
    for (let left = count; left > 0; left--) {
      const tag = `t${committed.length}`;
      committed.push({ tag, gaps: log.gaps.length });
      await under.commit(tag);
    }
  }

  /** A late gap may stand for it. */
  async function commitUntilTold(): Promise<void> {
    const gaps = log.gaps.length;
    await commit(1);
    const { tag } = committed.at(-1)!;
    await eventually("something runs again", () => told(log, [tag]).length > 0 || log.gaps.length > gaps);
    if (told(log, [tag]).length === 0) await commitUntilTold();
  }

  const acts: readonly (() => Promise<void> | void)[] = [
    () => commit(1 + random.integer(4)),
    () => commit(30),
    () => site.wire.fail({ commands: ["getMore"] }),
    () => site.wire.fail({ commands: ["getMore"], error: { code: 43, name: "CursorNotFound" } }),
    () => site.wire.fail({ commands: ["aggregate"], error: { code: 13, name: "Unauthorized" } }),
    () =>
      site.wire.fail({
        commands: ["getMore", "aggregate"],
        error: { code: 286, name: "ChangeStreamHistoryLost" },
      }),
    () => site.wire.duplicate(),
    () => site.wire.loseHistory(),
    () => takers[random.integer(takers.length)]!.overtake(),
    () => void releases.push(takers[random.integer(takers.length)]!.holdBack()),
    () => releases.pop()?.(),
    async () => {
      const [gone] = takers.splice(random.integer(takers.length), 1);
      open();
      await gone!.close();
    },
    () => new Promise((resolve) => setTimeout(resolve, random.integer(150))),
  ];

  for (let count = 0; count < 3; count++) open();
  for (let step = 0; step < STEPS; step++) await acts[random.integer(acts.length)]!();
  for (const release of releases) release();
  await commitUntilTold();
  const tags = committed.map(({ tag }) => tag);
  const heard = told(log, tags);
  for (const part of parts()) {
    const between = told({ ...log, changes: [...part] }, tags);
    expect(between).toEqual(tags.filter((tag) => between.includes(tag)));
  }
  expect(committed.filter(({ tag, gaps }) => !heard.includes(tag) && log.gaps.length === gaps)).toEqual([]);
});

/** The changes between two gaps. A gap that is said late may set the log back, and what was told is told again behind it. */
function cutAtGaps(log: TakingLog): () => readonly (readonly SourceChange[])[] {
  const ends: number[] = [];
  const push = log.gaps.push.bind(log.gaps);
  log.gaps.push = (...gaps) => {
    ends.push(log.changes.length);
    return push(...gaps);
  };
  return () =>
    [...ends, log.changes.length].map((end, index) => log.changes.slice(ends[index - 1] ?? 0, end));
}
