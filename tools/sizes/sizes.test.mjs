import { expect, test } from "vitest";
import { parse } from "../source/parse.mjs";
import { readProject } from "../source/project.mjs";
import { MANIFESTS, plant } from "../test/plant.mjs";
import { codeLineCounter } from "./code-lines.mjs";
import { judgeSizes } from "./judge.mjs";

const PATH = "packages/server/src/cache/x.ts";

function judged(path, text, exceptions = []) {
  return judgeSizes(readProject(plant({ ...MANIFESTS, [path]: text })), exceptions);
}

/** A function that is `count` code lines long. */
function functionOf(count) {
  return `export function long() {\n${"  // said\n\n  step();\n".repeat(count - 2)}}\n`;
}

test("code lines leave out blanks and comments, and strings that look like comments count", () => {
  const text = `/** é😀 doc\n * more */\nconst a = 1; // why\n\nconst b = "// not"; /* x\n y */ const c = 2;\n  /* z */\n`;
  const count = codeLineCounter(text, parse("x.ts", text).comments);
  expect(count()).toBe(3);
  expect(count(3, 4)).toBe(1);
});

test("a file fails over 400 code lines and is noted over 250", () => {
  expect(judged(PATH, "go();\n".repeat(400))).toEqual({
    problems: [],
    notes: [`${PATH}: 400 code lines, aim at 100.`],
  });
  expect(judged(PATH, "go();\n".repeat(401)).problems).toEqual([`${PATH}: 401 code lines, at most 400.`]);
  expect(judged(PATH, "go();\n".repeat(250))).toEqual({ problems: [], notes: [] });
});

test("a function fails over 80 code lines, whatever its form", () => {
  expect(judged(PATH, functionOf(80)).problems).toEqual([]);
  expect(judged(PATH, `\n${functionOf(81)}`).problems).toEqual([
    `${PATH}:2: function of 81 code lines, at most 80.`,
  ]);
  const body = "\n  step();".repeat(80);
  for (const form of [
    `export const f = () => {${body}\n};`,
    `export class C { m() {${body}\n} }`,
    `export const o = { m() {${body}\n} };`,
  ]) {
    expect(judged(PATH, form).problems, form.slice(0, 30)).toHaveLength(1);
  }
});

test("more than three parameters fail, in types too; `this` is none", () => {
  expect(judged(PATH, "export function f(this: Date, a: 1, b: 2, ...c: 3[]) {}").problems).toEqual([]);
  for (const form of [
    "export const f = (a: 1, b: 2, c: 3, d: 4) => {};",
    "export type F = (a: 1, b: 2, c: 3, d: 4) => void;",
    "export interface I { m(a: 1, b: 2, c: 3, d: 4): void }",
  ]) {
    expect(judged(PATH, form).problems, form).toEqual([
      `${PATH}:1: 4 parameters, at most 3; take an object.`,
    ]);
  }
});

test("names are kebab-case and say something", () => {
  const said = (path) => judged(path, "").problems;
  expect(said("packages/server/src/redis/x.redis.test.ts")).toEqual([]);
  expect(said("packages/server/src/cache/tagBoard.ts")).toEqual([
    expect.stringContaining(`"tagBoard.ts" is not`),
  ]);
  for (const empty of ["utils.ts", "string-helpers.ts", "types.test.ts", "cache-manager.ts", "common/x.ts"]) {
    expect(said(`packages/server/src/cache/${empty}`), empty).toEqual([
      expect.stringContaining("says nothing"),
    ]);
  }
  expect(said("packages/server/src/index.ts")).toEqual([]);
  expect(said("packages/server/src/cache/index.ts")).toEqual([
    expect.stringContaining("index.ts stands only"),
  ]);
});

test("generated files may be any size", () => {
  expect(judged("packages/server/src/redis/scripts.gen.ts", functionOf(500))).toEqual({
    problems: [],
    notes: [],
  });
});

test("an exception covers its one limit, and fails once nothing needs it", () => {
  const exception = { path: PATH, limit: "function", reason: "a table" };
  const wide = "export const f = (a: 1, b: 2, c: 3, d: 4) => {};";
  expect(judged(PATH, functionOf(90) + wide, [exception]).problems).toEqual([
    expect.stringContaining("4 parameters"),
  ]);
  expect(judged(PATH, "", [exception]).problems).toEqual([expect.stringContaining("need not except it")]);
});
