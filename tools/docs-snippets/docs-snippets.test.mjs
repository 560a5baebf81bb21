import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../source/report.mjs";
import { blocksOf, declaredBy } from "./blocks.mjs";
import { compileBlocks } from "./compile.mjs";

const FENCE = "```";

function page(...lines) {
  return lines.join("\n");
}

test("blocks of TypeScript are found with their place, also indented; others are not", () => {
  const text = page(
    "# A",
    `${FENCE}ts`,
    "a();",
    FENCE,
    "",
    `- b`,
    `  ${FENCE}tsx`,
    "  <b />;",
    `  ${FENCE}`,
    `${FENCE}sh`,
    "npm start",
    FENCE,
  );
  expect(blocksOf("a.md", text)).toEqual([
    { page: "a.md", line: 3, kind: "ts", code: "a();", unchecked: undefined },
    { page: "a.md", line: 8, kind: "tsx", code: "<b />;", unchecked: undefined },
  ]);
});

test("a block is passed over only for a reason that is told", () => {
  const told = page(
    "<!-- unchecked: half of a file that is shown elsewhere -->",
    "",
    `${FENCE}ts`,
    "a(",
    FENCE,
  );
  expect(blocksOf("a.md", told)[0].unchecked).toBe("half of a file that is shown elsewhere");
  expect(
    blocksOf("a.md", told.replace("half of a file that is shown elsewhere", "no"))[0].unchecked,
  ).toBeUndefined();
});

test("a block that does not end, or cannot be read, is told with its place", () => {
  expect(() => blocksOf("a.md", page(`${FENCE}ts`, "a();"))).toThrow("a.md:1: a block that does not end.");
  const [block] = blocksOf("a.md", page("", `${FENCE}ts`, "a(", FENCE));
  expect(declaredBy(block)).toMatchObject({ flaw: expect.stringContaining("a.md:3: cannot be parsed") });
});

test("what a block declares, for the blocks behind it", () => {
  const code = page(
    'import { a, type B } from "x";',
    'import type { C } from "y";',
    "const { d, e: [f = 1], ...g } = a;",
    "export interface H {}",
    "type I = H;",
    "function j() {}",
    "class K {}",
  );
  const found = declaredBy({ page: "a.md", line: 1, kind: "ts", code, unchecked: undefined });
  expect(found).toEqual({
    values: ["a", "d", "f", "g", "j", "K"],
    types: ["B", "C", "H", "I"],
    exported: new Set(["H"]),
  });
});

test("a wrong option, method, event or name on a page is found at its line", async () => {
  const text = page(
    `${FENCE}ts`,
    'const order = defineKey("user:{userId}:orders").holding<Order[]>();',
    FENCE,
    `${FENCE}ts`,
    'await live.cache.getOrSet(order.key({ userId }), async () => [], { ttl: "5m" });',
    'await live.cache.getOrSet(order.key({ usrId: userId }), async () => [], { ttl: "5m" });',
    'await live.chnge({ tags: ["a"] });',
    'await live.change({ tag: ["a"] });',
    "forgotten();",
    FENCE,
    `${FENCE}tsx`,
    'useChannel("hostel/:hostelId", { hostelId: "7" }, { new_isue: () => undefined });',
    FENCE,
  );
  const found = await compileBlocks(join(ROOT, "tools/dist/snippets-planted"), blocksOf("a.md", text));
  const lines = found.map((line) => /^a\.md:(\d+): error/.exec(line)?.[1]).filter(Boolean);
  expect([...new Set(lines)]).toEqual(["6", "7", "8", "9", "12"]);
}, 60_000);
