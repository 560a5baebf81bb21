import { expect, test } from "vitest";
import { profileText, selfTimes } from "./summary.ts";

const frame = (
  id: number,
  functionName: string,
  [url, lineNumber]: readonly [string, number] = ["", -1],
) => ({
  id,
  callFrame: { functionName, url, lineNumber },
});

const PROFILE = {
  nodes: [
    frame(1, "(idle)"),
    frame(2, "peek", ["file:///home/somebody/repo/packages/server/dist/cache/engine.js", 9]),
    frame(3, "peek", ["file:///home/somebody/repo/packages/server/dist/cache/engine.js", 9]),
    frame(4, "", ["file:///home/somebody/repo/node_modules/redis/dist/index.js", 0]),
  ],
  samples: [1, 2, 3, 4],
  timeDeltas: [50, 20, 10, 20],
};

test("time is summed by function, and shares are of the time that was not idle", () => {
  expect(selfTimes(PROFILE)).toEqual({
    idle: 0.5,
    functions: [
      { name: "peek  packages/server/dist/cache/engine.js:10", share: 0.6 },
      { name: "(anonymous)  redis/dist/index.js:1", share: 0.4 },
    ],
  });
});

test("the text tells no folder of the machine", () => {
  const text = profileText("a hit", PROFILE, 1);
  expect(text).toBe(
    "a hit\nidle 50 % of the time; self time of the rest:\n\n  60.0 %  peek  packages/server/dist/cache/engine.js:10\n",
  );
  expect(profileText("a hit", PROFILE)).not.toContain("somebody");
});

test("a profile without samples is empty, not a division by zero", () => {
  expect(selfTimes({ nodes: [] })).toEqual({ idle: 0, functions: [] });
});
