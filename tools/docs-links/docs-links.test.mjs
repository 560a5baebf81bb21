import { expect, test } from "vitest";
import { deadLinks } from "./links.mjs";

const FENCE = "```";

function found(text, others = {}) {
  return deadLinks(
    new Map(Object.entries({ "docs/a.md": text, ...others })),
    (path) => path === "examples/one",
  );
}

test("links to pages, headings, folders and other sites are good", () => {
  const other = "# It\n\n## What `live.change` does: now\n\n### A_B\n";
  const text =
    "# A\n[b](b.md) [c](b.md#what-livechange-does-now) [d](b.md#what-live-change-does-now) [e](#a) [f](https://x.y) [g](../examples/one) [h](b.md#a_b)";
  expect(found(text, { "docs/b.md": other })).toEqual([]);
});

test("a page and a heading that do not exist are told with their place", () => {
  expect(found("# A\n\n[b](c.md) [c](#b)")).toEqual([
    "docs/a.md:3: c.md leads nowhere.",
    "docs/a.md:3: docs/a.md has no heading #b.",
  ]);
});

test("what stands in code is no link", () => {
  expect(found(`# A\n${FENCE}ts\na[0](x.md)\n${FENCE}\n\`[a](b.md)\``)).toEqual([]);
});
