import { expect, test } from "vitest";
import { createGroundWatch } from "./ground-watch.ts";
import { createHappenings } from "./happenings.ts";

function watch() {
  const told: string[] = [];
  const happenings = createHappenings(() => undefined);
  const grounds = createGroundWatch({
    happenings,
    onAway: () => told.push("away"),
    onAllBack: () => told.push("all back"),
  });
  const say = (who: `${string}: ${string}`, isHere: boolean, at: number) => {
    const [node, application] = who.split(": ") as [string, string];
    grounds.report({ node, application, isHere, at });
  };
  const words = () =>
    happenings
      .list()
      .map((one) => one.words)
      .toReversed();
  return { grounds, told, say, words };
}

test("a node has noticed when its last application has, and is back when its last one is", () => {
  const { grounds, told, say, words } = watch();
  for (const application of ["hostel", "parts"]) say(`Node 1: ${application}`, true, 0);
  expect(grounds.stateOf("Node 1")).toBe("here");

  grounds.struck(1_000);
  say("Node 1: hostel", false, 1_012);
  expect([grounds.stateOf("Node 1"), words()]).toEqual(["some", []]);
  say("Node 1: parts", false, 1_030);
  expect(grounds.stateOf("Node 1")).toBe("away");

  grounds.released(5_000);
  say("Node 1: parts", true, 5_100);
  say("Node 1: hostel", true, 6_250);
  expect(words()).toEqual([
    "Node 1 noticed after 30 ms that Redis is away, and goes on from its memory",
    "Node 1 works with Redis again, 1.3 s after its return",
  ]);
  expect(told).toEqual(["away", "all back"]);
});

test("all are back when the last node is; one that was killed meanwhile is not waited for", () => {
  const { grounds, told, say } = watch();
  for (const node of ["Node 1", "Node 2", "Node 3"]) say(`${node}: hostel`, true, 0);
  for (const node of ["Node 1", "Node 2", "Node 3"]) say(`${node}: hostel`, false, 10);
  grounds.forget("Node 3");
  say("Node 1: hostel", true, 20);
  expect(told).not.toContain("all back");
  say("Node 2: hostel", true, 30);
  expect(told.at(-1)).toBe("all back");
  expect(grounds.stateOf("Node 3")).toBe("memory");
});

test("a Redis that nobody here switched is told of without times", () => {
  const { say, words } = watch();
  say("This process: hostel", false, 10);
  say("This process: hostel", true, 20);
  expect(words()).toEqual([
    "This process noticed that Redis is away, and goes on from its memory",
    "This process works with Redis again",
  ]);
});
