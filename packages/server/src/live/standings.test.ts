import { expect, test, vi } from "vitest";
import { createManualClock } from "../../test/socketio/manual-clock.ts";
import type { Identity } from "../base/identity.ts";
import { createTasks } from "../base/tasks.ts";
import { createStandings } from "./standings.ts";

/** Standings over an `identify` in the test's hands, with one socket of user `u`. */
async function startStandings() {
  const clock = createManualClock();
  const answers = { fails: false, identity: { userId: "u" } as Identity | undefined, asked: 0 };
  const standings = createStandings({
    async identify() {
      answers.asked++;
      if (answers.fails) throw new Error("database away");
      return answers.identity;
    },
    clock,
    tasks: createTasks((error) => expect.unreachable(String(error))),
    warn: () => undefined,
  });
  const ended: string[] = [];
  const nothing = (): void => undefined;
  const place = { id: "s", address: undefined, userAgent: undefined };
  const socket = {
    ...place,
    emit: nothing,
    enter: nothing,
    exit: nothing,
    end: (code: string) => ended.push(code),
  };
  const guest = standings.stand(socket, await standings.admit({ headers: {}, url: "/", native: 0 }));
  let reconsidered = 0;
  guest.begin(async () => void reconsidered++);
  /** Lets time pass until `done`. */
  const pass = (done: () => boolean): Promise<boolean> =>
    vi.waitUntil(() => {
      clock.advance(5_000);
      return done();
    });
  return { standings, guest, answers, ended, pass, reconsidered: () => reconsidered };
}

test("after the node lost sight of the log, an identify that fails is asked for half a minute before a socket is ended", async () => {
  const { standings, answers, ended, pass, reconsidered } = await startStandings();
  answers.fails = true;
  standings.reset();
  await pass(() => answers.asked === 1 + 5);
  expect(ended).toEqual([]);
  answers.fails = false;
  await pass(() => reconsidered() === 1);
  expect(ended).toEqual([]);
  answers.fails = true;
  answers.asked = 0;
  standings.reset();
  await pass(() => ended.length === 1);
  expect([ended, answers.asked]).toEqual([["LIVE_IDENTITY_FAILED"], 10]);
});

test("a change of the identity cuts that patience short", async () => {
  const { standings, answers, ended, pass } = await startStandings();
  answers.fails = true;
  standings.reset();
  await pass(() => answers.asked === 1 + 2);
  standings.apply({ tags: ["identity:u", "identity:u:*"] });
  await pass(() => ended.length === 1);
  expect(answers.asked).toBeLessThanOrEqual(1 + 4);
});

test("everybody is asked again when all identities have moved, and nobody for other users or other tags", async () => {
  const { standings, answers, pass, reconsidered } = await startStandings();
  standings.apply({ tags: ["identity:other", "identity:other:*", "issues", "identity:u:x:*"] });
  standings.apply({ tags: ["identity:*"] });
  await pass(() => reconsidered() === 1);
  expect(answers.asked).toBe(2);
});

test("a socket that is gone is not asked about, and not ended", async () => {
  const { standings, guest, answers, ended } = await startStandings();
  guest.close();
  standings.apply({ tags: ["identity:u"] });
  expect([answers.asked, ended]).toEqual([1, []]);
});
