import { until } from "@livecache/rig";
import { LiveError } from "@livecache/wire";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../base/clock.ts";
import { createTasks } from "../base/tasks.ts";
import { createMemoryGround } from "../memory/ground.ts";
import type { EphemeralLane } from "../ports/ephemeral-lane.ts";
import { createAsks } from "./asks.ts";
import type { AsksParts, Respond } from "./asks.ts";

const BOUND = { withinMs: 5_000 };

/** A few nodes on one lane. `nodes` are those that are believed to live. */
function site(nodes: readonly string[]) {
  const { lane } = createMemoryGround().realm("main");
  const warnings: string[] = [];
  const closing = new AbortController();
  onTestFinished(() => closing.abort());
  function open(node: string, respond: AsksParts["respond"], its: EphemeralLane = lane) {
    return createAsks({
      ...{ node, lane: its, respond, signal: closing.signal },
      nodes: async () => nodes,
      clock: systemClock,
      tasks: createTasks((error) => void warnings.push(String(error))),
      warn: (message) => void warnings.push(message),
    });
  }
  return { lane, warnings, closing, open };
}

const echo = (node: string): { readonly echo: Respond } => ({ echo: (args: unknown) => [node, args] });

test("every live node answers, the asker too", async () => {
  const { open } = site(["a", "b", "c"]);
  const [a] = ["a", "b", "c"].map((node) => open(node, echo(node)));
  const { byNode, missing } = await a!.ask("echo", { x: 1 });
  expect(Object.fromEntries(byNode)).toEqual({
    a: ["a", { x: 1 }],
    b: ["b", { x: 1 }],
    c: ["c", { x: 1 }],
  });
  expect(missing).toEqual([]);
});

test("who does not answer in time, cannot, or says too much, is missing", async () => {
  const { open, warnings } = site(["a", "silent", "failing", "loud", "gone"]);
  const a = open("a", echo("a"));
  open("silent", { echo: () => new Promise(() => undefined) });
  open("failing", {});
  open("loud", { echo: () => "x".repeat(1024 * 1024) });
  const { byNode, missing } = await a.ask("echo", 1, 50);
  expect([...byNode.keys()]).toEqual(["a"]);
  expect(missing).toEqual(["failing", "gone", "loud", "silent"]);
  expect(warnings).toEqual(["a node could not answer", "a node could not answer"]);
});

test("while the ground is away only the asker answers, and later all do", async () => {
  const { lane, open } = site(["a", "b"]);
  const fault = { isAway: true };
  const away = (): void => {
    if (fault.isAway) throw new LiveError("LIVE_GROUND_AWAY", "away");
  };
  const flaky: EphemeralLane = {
    async listen(topic, hear) {
      away();
      return lane.listen(topic, hear);
    },
    async send(topic, message) {
      away();
      return lane.send(topic, message);
    },
  };
  const a = open("a", echo("a"), flaky);
  open("b", echo("b"));
  expect((await a.ask("echo", 1)).byNode.size).toBe(1);
  fault.isAway = false;
  const { byNode } = await a.ask("echo", 1);
  expect([...byNode.keys()].sort()).toEqual(["a", "b"]);
});

test("a question that the asker does not know itself rejects", async () => {
  const { open } = site(["a"]);
  await expect(open("a", echo("a")).ask("other", 1)).rejects.toThrow(/does not know the question "other"/);
});

test("what is none of ours on the lane is left alone", async () => {
  const { lane, open, warnings } = site(["a"]);
  const a = open("a", echo("a"));
  await a.ask("echo", 1);
  for (const text of ["", "null", "[]", '{"id":1}', '{"id":"x","node":"y"}']) {
    await lane.send("ask all", text);
    await lane.send("answers a", text);
  }
  expect(warnings).toEqual([]);
});

test("when the node closes nobody is waited for any more", async () => {
  const { open, closing } = site(["a", "gone"]);
  const asked = open("a", echo("a")).ask("echo", 1, 60_000);
  let isOver = false;
  void asked.then(() => (isOver = true));
  closing.abort();
  await until(() => isOver, { what: "the question ends", ...BOUND });
  expect((await asked).missing).toEqual(["gone"]);
});
