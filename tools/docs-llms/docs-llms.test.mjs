import { expect, test } from "vitest";
import { fullText, shortText } from "./llms.mjs";

const PAGES = [
  { path: "benchmarks", text: "# Benchmarks\n\nFigures. More." },
  {
    path: "concepts/why",
    text: "# Why `this`\n\n```ts\na();\n```\n\nEvery [answer](x.md) has\none reason. And more.",
  },
  { path: "decisions/001-a", text: "# A\n\nWe did." },
  { path: "index", text: "---\nlayout: home\n---\n\nHome." },
  { path: "reference/api/livecache", text: "# livecache\n\nAll names:" },
  { path: "tutorial/1-a", text: "# 1. Begin\n\nBegin here." },
];

test("llms.txt has a line about each page, in the order in which they help", () => {
  const text = shortText("One call.", PAGES);
  expect(text.split("\n").filter((line) => /^[#>-]/.test(line))).toEqual([
    "# Livecache",
    "> One call.",
    "## Tutorial",
    "- [1. Begin](/tutorial/1-a.md): Begin here.",
    "## Concepts",
    "- [Why this](/concepts/why.md): Every answer has one reason.",
    "## Reference",
    "- [livecache](/reference/api/livecache.md): All names.",
    "## Optional: decisions",
    "- [A](/decisions/001-a.md): We did.",
    "## Optional: figures",
    "- [Benchmarks](/benchmarks.md): Figures.",
  ]);
});

test("llms-full.txt has the pages themselves, without decisions and what is made of code", () => {
  const text = fullText("One call.", PAGES);
  expect(text.match(/<!-- docs\/.* -->/g)).toEqual([
    "<!-- docs/tutorial/1-a.md -->",
    "<!-- docs/concepts/why.md -->",
  ]);
  expect(text).toContain("```ts\na();\n```");
});
