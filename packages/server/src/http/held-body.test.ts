import { expect, test } from "vitest";
import type { Clock } from "../base/clock.ts";
import { holdBody } from "./held-body.ts";
import type { HeldBody } from "./held-body.ts";

/** A clock that stands still until its one task is called. */
function stopped(): Clock & { strike(): void } {
  let due = (): void => undefined;
  return {
    now: () => 0,
    wall: () => 0,
    after(_delayMs, task) {
      due = task;
      return () => undefined;
    },
    strike: () => due(),
  };
}

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

function hold(body: AsyncIterable<Uint8Array>, maxBytes = 4, contentType = ""): Promise<HeldBody> {
  return holdBody(body, { contentType, maxBytes, clock: stopped(), untilMs: 1 });
}

async function told(held: HeldBody): Promise<readonly unknown[]> {
  if (held.type === "complete") return ["complete", Buffer.from(held.bytes).toString()];
  const texts: string[] = [];
  for await (const chunk of held.rest) texts.push(Buffer.from(chunk).toString());
  return [held.cause, texts];
}

test("a body of at most maxBytes is complete, one of a byte more is handed on from its start", async () => {
  expect(await told(await hold(pieces()))).toEqual(["complete", ""]);
  expect(await told(await hold(pieces("ab", "c")))).toEqual(["complete", "abc"]);
  expect(await told(await hold(pieces("ab", "cd")))).toEqual(["complete", "abcd"]);
  expect(await told(await hold(pieces("ab", "cde")))).toEqual(["too-large", ["abcde"]]);
  expect(await told(await hold(pieces("ab", "cde", "f")))).toEqual(["too-large", ["abcde", "f"]]);
});

test("of an event stream nothing is waited for", async () => {
  const never = new Promise<never>(() => undefined);
  const body = { [Symbol.asyncIterator]: () => ({ next: () => never }) };
  expect((await hold(body, 4, "text/event-stream")).type).toBe("released");
});

test("a body that is late is handed on, with what was read and what comes", async () => {
  const clock = stopped();
  let go = (): void => undefined;
  const gate = new Promise<void>((resolve) => (go = resolve));
  async function* slow(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("a");
    clock.strike();
    await gate;
    yield Buffer.from("b");
  }
  const held = await holdBody(slow(), { contentType: "", maxBytes: 9, clock, untilMs: 1 });
  go();
  expect(await told(held)).toEqual(["slow", ["a", "b"]]);
});

test("a body that breaks off breaks off for its reader, after what there was", async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("a");
    throw new Error("the source is gone");
  }
  const held = await hold(broken());
  if (held.type === "complete") throw new Error("it is not complete");
  expect(held.cause).toBe("left");
  expect(String((await held.rest.next()).value)).toBe("a");
  await expect(held.rest.next()).rejects.toThrow("the source is gone");
});

test("a reader who stops ends the body", async () => {
  let isEnded = false;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield Buffer.from("abcde");
    } finally {
      isEnded = true;
    }
  }
  const held = await hold(endless());
  if (held.type === "complete") throw new Error("it is not complete");
  await held.rest.next();
  await held.rest.return(undefined);
  expect(isEnded).toBe(true);
});
