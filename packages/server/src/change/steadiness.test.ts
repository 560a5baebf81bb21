import { expect, test } from "vitest";
import { RETURN_MS, createSteadiness } from "./steadiness.ts";

function make() {
  let nowMs = 0;
  const steadiness = createSteadiness({ now: () => nowMs });
  return { steadiness, pass: (ms: number) => void (nowMs += ms) };
}

const at = (epoch: string, seq: number) => ({ epoch, seq });

test("the first epoch shakes nothing, another one does, for as long as nodes may take to come back", () => {
  const { steadiness, pass } = make();
  steadiness.appended(at("a", 1));
  steadiness.appended(at("a", 2));
  expect(steadiness.isSteady()).toBe(true);
  steadiness.appended(at("b", 3));
  pass(RETURN_MS - 1);
  steadiness.appended(at("b", 4));
  expect(steadiness.isSteady()).toBe(false);
  pass(1);
  expect(steadiness.isSteady()).toBe(true);
});

test("a ground that has come back is not steady at once", () => {
  const { steadiness, pass } = make();
  steadiness.returned();
  expect(steadiness.isSteady()).toBe(false);
  pass(RETURN_MS);
  expect(steadiness.isSteady()).toBe(true);
});
