import { expect, onTestFinished, test } from "vitest";
import { startNode } from "../src/node-process.ts";

// Node processes run what is built: run `npx tsc -b` first.
const ECHO = new URL("./echo-node.mjs", import.meta.url);

async function start(options?: Parameters<typeof startNode>[1]) {
  const node = await startNode(ECHO, options);
  onTestFinished(() => node.close());
  return node;
}

test("a method of another process is called with arguments, and answers", async () => {
  const node = await start({ args: ["one"], env: { COLOUR: "green" } });
  expect(await node.call("echo", 1, { two: [2] })).toEqual([1, { two: [2] }]);
  expect(await node.call("surroundings")).toEqual({ args: ["one"], colour: "green" });
});

test("a method that throws rejects, and one that there is not does too", async () => {
  const node = await start();
  await expect(node.call("fail", "no door")).rejects.toThrow("no door");
  await expect(node.call("nothing")).rejects.toThrow("is not a function");
  expect(node.errors()).toBe("");
});

test("a killed process rejects its calls, and says how it ended", async () => {
  const node = await start();
  const hanging = node.call("hang");
  expect(node.ended()).toBeUndefined();
  const [outcome] = await Promise.allSettled([hanging, node.kill()]);
  expect(outcome).toMatchObject({
    status: "rejected",
    reason: new Error("the process ended with SIGKILL: "),
  });
  expect(node.ended()).toBe("SIGKILL");
  await expect(node.call("echo")).rejects.toThrow("the process has ended with SIGKILL");
});

test("closing asks the process to close and waits for its end, whatever it wrote to standard error", async () => {
  const node = await start();
  await node.call("complain", "too hot");
  await node.close();
  await node.close();
  expect(node.ended()).toBe(0);
  expect(node.errors()).toContain("too hot");
});

test("a call after closing has begun rejects instead of ending the caller", async () => {
  const node = await start();
  const closing = node.close();
  await node.call("echo").catch(() => undefined);
  const late = node.call("echo");
  await expect(late).rejects.toThrow(/Channel closed|has ended|ended with/);
  await closing;
});

test("a process that dies while it starts is an error", async () => {
  await expect(startNode(ECHO, { args: ["die"] })).rejects.toThrow("the process ended with 7");
});
