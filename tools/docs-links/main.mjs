import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { report, ROOT } from "../source/report.mjs";
import { deadLinks } from "./links.mjs";

// Every link of README.md, docs/ and the examples' READMEs leads somewhere.
const docs = readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".md"))
  .map((name) => `docs/${name.replaceAll("\\", "/")}`);
const examples = readdirSync(join(ROOT, "examples")).map((name) => `examples/${name}/README.md`);
const paths = ["README.md", ...docs, ...examples].filter((path) => existsSync(join(ROOT, path)));
const pages = new Map(paths.map((path) => [path, readFileSync(join(ROOT, path), "utf8")]));
report({
  problems: deadLinks(pages, (path) => existsSync(join(ROOT, path))),
  good: `the links of ${pages.size} pages lead somewhere`,
});
