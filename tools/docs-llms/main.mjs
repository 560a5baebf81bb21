import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { report, ROOT } from "../source/report.mjs";
import { fullText, shortText } from "./llms.mjs";

// Compares docs/public/llms.txt and llms-full.txt with the pages; with --write, writes them.
const pages = readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".md"))
  .map((name) => ({
    path: name.replaceAll("\\", "/").slice(0, -3),
    text: readFileSync(join(ROOT, "docs", name), "utf8"),
  }))
  .sort((a, b) => (a.path < b.path ? -1 : 1));
const { description } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const made = { "llms.txt": shortText(description, pages), "llms-full.txt": fullText(description, pages) };

const problems = [];
for (const [name, text] of Object.entries(made)) {
  const file = join(ROOT, "docs/public", name);
  if (process.argv.includes("--write")) writeFileSync(file, text);
  if (!existsSync(file) || readFileSync(file, "utf8") !== text)
    problems.push(`docs/public/${name} is out of date: run npm run docs:write`);
}
report({ problems, good: `llms.txt names ${pages.length} pages as they are` });
