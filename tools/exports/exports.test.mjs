import { expect, test } from "vitest";
import { readProject } from "../source/project.mjs";
import { MANIFESTS, plant } from "../test/plant.mjs";
import { findDeadExports } from "./dead.mjs";

const SERVER = "packages/server/src";
const PATH = `${SERVER}/cache/x.ts`;

function judged(files) {
  return findDeadExports(readProject(plant({ ...MANIFESTS, ...files })));
}

test("an export that nothing uses is dead, in every form an export can have", () => {
  for (const form of [
    "export const x = 1;",
    "export function x() {}",
    "export class x {}",
    "export interface x { a: 1 }",
    "const y = 1; export { y as x };",
    "const x = 1; export { x };",
    "export const { a: [x] } = { a: [1] };",
    `export { x } from "./y.ts";`,
    `export type { x } from "./y.ts";`,
    `export * as x from "./y.ts";`,
  ]) {
    expect(judged({ [PATH]: form }), form).toEqual([`${PATH}:1: x is exported, but nothing uses it.`]);
  }
});

test("an import, a re-export or a whole-module import keeps a name alive", () => {
  for (const user of [
    `import { x } from "./x.ts"; x();`,
    `import { x as renamed } from "./x.ts"; renamed();`,
    `import type { x } from "./x.ts"; let a: x;`,
    `import * as all from "./x.ts"; all.x();`,
    `const lazy = import("./x.ts");`,
    `let a: import("./x.ts").x;`,
  ]) {
    expect(judged({ [PATH]: "export class x {}", [`${SERVER}/cache/user.ts`]: user }), user).toEqual([]);
  }
});

test("another name of the same file stays dead", () => {
  const files = {
    [PATH]: "export const x = 1;\nexport const y = 2;",
    [`${SERVER}/u.ts`]: `import { x } from "./cache/x.ts";`,
  };
  expect(judged(files)).toEqual([`${PATH}:2: y is exported, but nothing uses it.`]);
});

test("a public entry is alive, and so is what it re-exports", () => {
  const files = { [`${SERVER}/redis/open.ts`]: `export { x } from "../cache/x.ts"; export const y = 1;` };
  expect(judged({ ...files, [PATH]: "export const x = 1;" })).toEqual([]);
});

test("a value that only its own file uses loses the word export, a type keeps it", () => {
  expect(judged({ [PATH]: "export const x = 1; go(x);" })).toEqual([
    `${PATH}:1: x is exported, but only its own file uses it: drop the word export.`,
  ]);
  expect(judged({ [PATH]: "export interface X { a: 1 }\nfunction f(x: X) {}" })).toEqual([]);
});

test("a test keeps alive what its file uses too, and not what only tests use", () => {
  const user = { [`${SERVER}/cache/x.test.ts`]: `import { x } from "./x.ts";` };
  expect(judged({ ...user, [PATH]: "export function x() {}\nx();" })).toEqual([]);
  expect(judged({ ...user, [PATH]: "export function x() {}" })).toEqual([
    `${PATH}:1: x is exported, but only a test uses it.`,
  ]);
});

test("support for tests lives when a test imports it", () => {
  const support = "packages/server/test/support.ts";
  const files = { [support]: "export const used = 1;\nexport const left = 2;" };
  const user = { [`${SERVER}/x.test.ts`]: `import { used } from "../test/support.ts";` };
  expect(judged({ ...files, ...user })).toEqual([`${support}:2: left is exported, but nothing uses it.`]);
});

test("export * is refused, because it hides what is exported", () => {
  expect(judged({ [PATH]: `export * from "./y.ts";` })).toEqual([
    `${PATH}:1: export * hides names; list them.`,
  ]);
});
