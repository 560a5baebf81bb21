import { expect, test } from "vitest";
import { requestKey } from "./cache-key.ts";
import { createKeyMemo } from "./key-memo.ts";

const inputOf = (target: string) => ({ target, inputs: ["https://a.example", "all", []] });

test("a key is worked out once, and is what it would be each time", () => {
  const memo = createKeyMemo();
  let made = 0;
  const ask = (target: string) =>
    memo.keyOf(target, () => {
      made++;
      return inputOf(target);
    });
  for (const target of ["/a", "/b?x=1", "/a", "/b?x=1"])
    expect(ask(target)).toBe(requestKey(inputOf(target)));
  expect(made).toBe(2);
});

test("what has no key, and what is long, is not remembered; what is full starts anew", () => {
  const memo = createKeyMemo();
  let made = 0;
  const ask = (target: string) =>
    memo.keyOf(target, () => {
      made++;
      return inputOf(target);
    });
  const atBound = `/${"a".repeat(511)}`;
  for (const target of ["*", `${atBound}b`, atBound]) {
    ask(target);
    expect(ask(target)).toBe(requestKey(inputOf(target)));
  }
  expect(made).toBe(5);
  for (let index = 1; index < 1_000; index++) ask(`/${index}`);
  made = 0;
  ask(atBound);
  expect(made).toBe(0);
  ask("/1000");
  ask(atBound);
  expect(made).toBe(2);
});
