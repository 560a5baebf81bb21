import { expect, test } from "vitest";
import { createReadBatch } from "./read-batch.ts";
import type { Send } from "./wire.ts";

const HEAD = "e.7";

/** A server that holds each key under its own name, apart from those that begin with "no". */
function createEcho() {
  const commands: string[][] = [];
  const send: Send = async (args) => {
    commands.push(args.map(String));
    return args.slice(1).map((key) => (String(key).startsWith("no") ? null : Buffer.from(String(key))));
  };
  return { commands, readBatch: createReadBatch({ head: HEAD, send }) };
}

const texts = (values: readonly (Buffer | undefined)[]) => values.map((value) => value?.toString());

test("everything asked for in one turn goes out as one command, and each asker gets its own", async () => {
  const { commands, readBatch } = createEcho();
  const replies = await Promise.all([readBatch(["a", "none"]), readBatch([]), readBatch(["b"])]);
  expect(commands).toEqual([["MGET", HEAD, "a", "none", "b"]]);
  expect(replies.map(({ head, values }) => [head, texts(values)])).toEqual([
    [{ epoch: "e", seq: 7 }, ["a", undefined]],
    [{ epoch: "e", seq: 7 }, []],
    [{ epoch: "e", seq: 7 }, ["b"]],
  ]);
});

test("what is asked for in the next turn goes out as the next command", async () => {
  const { commands, readBatch } = createEcho();
  await readBatch(["a"]);
  await readBatch(["b"]);
  expect(commands).toEqual([
    ["MGET", HEAD, "a"],
    ["MGET", HEAD, "b"],
  ]);
});

test("while a command is on its way, what further callbacks ask for is collected", async () => {
  const { commands, readBatch } = createEcho();
  const first = readBatch(["a"]);
  await new Promise((resolve) => process.nextTick(resolve));
  const later = ["b", "c"].map(
    (key) => new Promise((resolve) => process.nextTick(() => resolve(readBatch([key])))),
  );
  await Promise.all([first, ...later]);
  expect(commands).toEqual([
    ["MGET", HEAD, "a"],
    ["MGET", HEAD, "b", "c"],
  ]);
});

test("a full batch goes out at once, and nothing is lost or asked for twice", async () => {
  const { commands, readBatch } = createEcho();
  const keys = Array.from({ length: 1_203 }, (_, index) => `k${index}`);
  const replies = await Promise.all(keys.map((key) => readBatch([key])));
  expect(texts(replies.flatMap(({ values }) => values))).toEqual(keys);
  expect(commands.map((command) => command.length - 2)).toEqual([500, 500, 203]);
});

test("a missing head is undefined", async () => {
  const readBatch = createReadBatch({ head: "head", send: async () => [null, Buffer.from("v")] });
  expect(await readBatch(["k"])).toEqual({ head: undefined, values: [Buffer.from("v")] });
});

test("when the command fails, everybody in the batch is told, and the next batch is another try", async () => {
  let failing = true;
  const send: Send = async () => {
    if (failing) throw new Error("away");
    return [null, null];
  };
  const readBatch = createReadBatch({ head: HEAD, send });
  const outcomes = await Promise.allSettled([readBatch(["a"]), readBatch(["b"])]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  failing = false;
  expect(await readBatch(["a"])).toEqual({ head: undefined, values: [undefined] });
});
