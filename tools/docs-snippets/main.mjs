import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { report, ROOT } from "../source/report.mjs";
import { blocksOf } from "./blocks.mjs";
import { compileBlocks } from "./compile.mjs";

// Compiles every piece of TypeScript in README.md and docs/.
const pages = readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".md") && !name.startsWith(join("reference", "api")))
  .map((name) => `docs/${name.replaceAll("\\", "/")}`)
  .sort();
const blocks = ["README.md", ...pages].flatMap((page) =>
  blocksOf(page, readFileSync(join(ROOT, page), "utf8")),
);
const unchecked = blocks.filter((block) => block.unchecked).length;
report({
  problems: await compileBlocks(join(ROOT, "tools/dist/snippets"), blocks),
  good: `${blocks.length - unchecked} pieces of code on ${new Set(blocks.map(({ page }) => page)).size} pages compile; ${unchecked} say why they are not tried`,
});
