import { expect, test } from "vitest";
import type { SourceChange } from "../ports/change-source.ts";
import { createRowQueue } from "./row-queue.ts";

/** A queue to a log that takes when it is told to. */
function openQueue() {
  const batches: string[][] = [];
  const taken: bigint[] = [];
  const failures: unknown[] = [];
  let answer: (error?: Error) => void = () => undefined;
  const queue = createRowQueue({
    sink: {
      take(changes) {
        batches.push(changes.map(({ place }) => place));
        return new Promise((resolve, reject) => (answer = (error) => (error ? reject(error) : resolve())));
      },
    },
    onTaken: (lsn) => void taken.push(lsn),
    onFailed: (error) => void failures.push(error),
  });
  const entry = (place: number) => ({
    change: { place: `${place}`, changeId: "c", tags: [], mode: "purge", events: [] } satisfies SourceChange,
    lsn: BigInt(place),
  });
  return { queue, batches, taken, failures, entry, take: (error?: Error) => answer(error) };
}

test("what comes while something is under way goes out together, in order; each time the last commit is told", async () => {
  const { queue, batches, taken, entry, take } = openQueue();
  for (const place of [1, 2, 3]) await queue.push(entry(place));
  expect(batches).toEqual([["1"]]);
  take();
  await expect.poll(() => batches.length).toBe(2);
  take();
  await queue.settled();
  expect(batches).toEqual([["1"], ["2", "3"]]);
  expect(taken).toEqual([1n, 3n]);
  expect(queue.isEmpty()).toBe(true);
});

test("no more than 200 wait: whoever brings more has to wait", async () => {
  const { queue, entry, take } = openQueue();
  await queue.push(entry(0));
  for (let place = 1; place < 200; place++) await queue.push(entry(place));
  let isIn = false;
  const last = queue.push(entry(200)).then(() => (isIn = true));
  await Promise.resolve();
  expect(isIn).toBe(false);
  take();
  await expect.poll(() => queue.isEmpty() || (take(), false)).toBe(true);
  await last;
  expect(isIn).toBe(true);
});

test("once a change could not be taken nothing more goes out", async () => {
  const { queue, batches, taken, failures, entry, take } = openQueue();
  await queue.push(entry(1));
  await queue.push(entry(2));
  const error = new Error("moved");
  take(error);
  await expect(queue.settled()).rejects.toBe(error);
  await expect(queue.push(entry(3))).rejects.toBe(error);
  expect({ batches, taken, failures }).toEqual({ batches: [["1"]], taken: [], failures: [error] });
});
