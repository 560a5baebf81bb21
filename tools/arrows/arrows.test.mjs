import { expect, test } from "vitest";
import { readProject, resolve } from "../source/project.mjs";
import { MANIFESTS, plant } from "../test/plant.mjs";
import { findCycles } from "./cycles.mjs";
import { renderHouse } from "./house.mjs";
import { judgeImports } from "./judge.mjs";
import { HOSTS, ROOMS } from "./table.mjs";

const SERVER = "packages/server/src";
const TABLE = {
  rooms: [
    { name: "wire", at: "packages/wire/src", may: [], outside: [] },
    { name: "ports", at: `${SERVER}/ports`, may: [], types: ["wire"], outside: [] },
    { name: "cache", at: `${SERVER}/cache`, may: ["ports"], outside: ["node"] },
    { name: "redis", at: `${SERVER}/redis`, may: ["ports"], outside: ["node", "redis"] },
    { name: "server", at: `${SERVER}/index.ts`, may: ["cache"], outside: [] },
    { name: "example", at: "examples/*/src", may: ["public"], outside: ["node", "declared"] },
  ],
  hosts: { redis: ["redis"] },
};

/** What the check says about one file with this text, in a house that is otherwise in order. */
function judged(path, text) {
  const files = {
    "packages/wire/src/index.ts": "export const w = 1;",
    [`${SERVER}/index.ts`]: `export { c } from "./cache/c.ts";`,
    [`${SERVER}/cache/c.ts`]: "export const c = 1;",
    [`${SERVER}/redis/open.ts`]: "export const r = 1;",
    [`${SERVER}/cache/c.test.ts`]: "",
  };
  return judgeImports(readProject(plant({ ...MANIFESTS, ...files, [path]: text })), TABLE);
}

test("an arrow that is not in the table fails, in every form an import can have", () => {
  const forms = [
    `import { r } from "../redis/open.ts";`,
    `import type { r } from "../redis/open.ts";`,
    `import "../redis/open.ts";`,
    `export { r } from "../redis/open.ts";`,
    `export * from "../redis/open.ts";`,
    `export const lazy = () => import("../redis/open.ts");`,
    `export type R = typeof import("../redis/open.ts");`,
    `export type R = import("../redis/open.ts").R;`,
  ];
  for (const form of forms) {
    expect(judged(`${SERVER}/cache/x.ts`, `\n${form}`), form).toEqual([
      `${SERVER}/cache/x.ts:2 imports "../redis/open.ts": arrow cache -> redis. Rule: cache may import ports.`,
    ]);
  }
});

test("comments, strings and templates that look like imports are not arrows", () => {
  const text = `
    // import "../redis/open.ts";
    /* import { r } from "../redis/open.ts"; */
    export const s = 'import "../redis/open.ts"' + \`import("../redis/open.ts")\`;`;
  expect(judged(`${SERVER}/cache/x.ts`, text)).toEqual([]);
});

test("an import() of a computed name fails, because nobody can see where it leads", () => {
  expect(judged(`${SERVER}/cache/x.ts`, `export const f = (name: string) => import(name);`)).toEqual([
    expect.stringContaining("Rule: import() names its module in a plain string"),
  ]);
});

test("a types-only arrow lets import type through and nothing else", () => {
  const at = `${SERVER}/ports/p.ts`;
  expect(judged(at, `import type { w } from "@house/wire"; export type W = typeof w;`)).toEqual([]);
  expect(judged(at, `import { type w } from "@house/wire"; export type W = typeof w;`)).toEqual([
    `${at}:1 imports "@house/wire": arrow ports -> wire. Rule: ports takes only types from wire (import type).`,
  ]);
});

test("a folder without a row fails", () => {
  expect(judged(`${SERVER}/attic/a.ts`, "export const a = 1;")).toEqual([
    `${SERVER}/attic/a.ts: lies in no room. Rule: every folder has a row in tools/arrows/table.mjs.`,
  ]);
});

test("a host library is imported by its owners only, and Node only where the table says so", () => {
  expect(judged(`${SERVER}/redis/x.ts`, `import { createClient } from "redis";`)).toEqual([]);
  expect(judged(`${SERVER}/cache/x.ts`, `import type { A } from "redis";`)).toEqual([
    `${SERVER}/cache/x.ts:1 imports "redis": arrow cache -> redis. Rule: only redis may import redis.`,
  ]);
  expect(judged("packages/wire/src/x.ts", `import { join } from "node:path";`)).toEqual([
    expect.stringContaining("arrow wire -> Node. Rule: wire runs anywhere"),
  ]);
});

test("a package that package.json does not declare fails, also when it happens to be installed", () => {
  expect(judged("examples/shop/src/x.ts", `import { LRUCache } from "lru-cache";`)).toEqual([
    `examples/shop/src/x.ts:1 imports "lru-cache": Rule: package.json of shop declares lru-cache.`,
  ]);
  expect(judged("examples/shop/src/x.ts", `import express from "express";`)).toEqual([]);
});

test("a star in exports names every path that fits; the longest decides", () => {
  const exports = { "./web/*": "./web/*", "./*": { default: "./dist/*.js" } };
  const project = readProject(
    plant({
      ...MANIFESTS,
      "packages/kit/package.json": { name: "kit", exports },
      "packages/kit/src/pages.ts": "export const p = 1;",
      "packages/kit/web/router.tsx": "export const r = 1;",
    }),
  );
  expect(resolve(project, "x.ts", "kit/pages")).toBe("packages/kit/src/pages.ts");
  expect(resolve(project, "x.ts", "kit/web/router.tsx")).toBe("packages/kit/web/router.tsx");
  expect(resolve(project, "x.ts", "kits/pages")).toBeUndefined();
});

test("examples reach packages through public names only: no deep import, no path out of the package", () => {
  const at = "examples/shop/src/x.ts";
  expect(judged(at, `import { r } from "house-server/redis";`)).toEqual([]);
  expect(judged(at, `import { c } from "house-server/dist/cache/c.js";`)).toEqual([
    `${at}:1 imports "house-server/dist/cache/c.js": ` +
      `Rule: no deep imports; "exports" of house-server does not name this path.`,
  ]);
  expect(judged(at, `import { c } from "../../../${SERVER}/cache/c.ts";`)).toEqual([
    expect.stringContaining("leaves examples/shop. Rule: another package is imported by its public name."),
  ]);
});

test("sources never import tests, while tests may import anything of their own package", () => {
  expect(judged(`${SERVER}/cache/x.ts`, `import "./c.test.ts";`)).toEqual([
    `${SERVER}/cache/x.ts:1 imports "./c.test.ts": Rule: sources never import tests.`,
  ]);
  const text = `import { r } from "../redis/open.ts"; import { expect } from "vitest"; import "../../test/s.ts";`;
  expect(judged(`${SERVER}/cache/x.test.ts`, text)).toEqual([]);
  expect(judged("packages/wire/src/x.test.ts", `import "../../server/src/index.ts";`)).toEqual([
    expect.stringContaining("leaves packages/wire"),
  ]);
});

test("a circle of files fails, also when it is closed by a type import, and is printed in order", () => {
  const root = plant({
    ...MANIFESTS,
    [`${SERVER}/cache/a.ts`]: `import { b } from "./b.ts"; export const a = b;`,
    [`${SERVER}/cache/b.ts`]: `import { c } from "./c.ts"; export const b = c;`,
    [`${SERVER}/cache/c.ts`]: `import type { a } from "./a.ts"; export const c: typeof a = 1;`,
    [`${SERVER}/cache/d.ts`]: `import { a } from "./a.ts"; export const d = a;`,
  });
  const [a, b, c] = ["a", "b", "c"].map((name) => `${SERVER}/cache/${name}.ts`);
  expect(findCycles(readProject(root))).toEqual([
    `cycle: ${a} -> ${b} -> ${c} -> ${a}. Rule: no circle of imports, types included.`,
  ]);
});

test("every room named in the table has a row, and the page shows each", () => {
  const names = new Set(ROOMS.map(({ name }) => name));
  const page = renderHouse({ rooms: ROOMS, hosts: HOSTS });
  for (const { name, may, types = [] } of ROOMS) {
    expect(page).toContain(`| \`${name}\` |`);
    for (const other of [...may, ...types]) expect(other === "public" || names.has(other), other).toBe(true);
  }
  for (const owners of Object.values(HOSTS)) for (const owner of owners) expect(names).toContain(owner);
});
