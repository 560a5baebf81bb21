import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { report, ROOT } from "../source/report.mjs";
import { declarationsOf } from "./declarations.mjs";
import { indexOf, pageOf } from "./page.mjs";

// Compares docs/reference/api with what the built packages declare; with --write, writes it.
const FOLDER = join(ROOT, "docs/reference/api");
const PACKAGES = ["server", "client", "wire", "console"];

const entries = PACKAGES.flatMap(readEntries);
const packageFile = (specifier) => entries.find((entry) => entry.specifier === specifier)?.file;
const read = entries.map((entry) => ({ ...entry, declarations: declarationsOf(entry.file, packageFile) }));
const pages = new Map(
  read.map(({ specifier, page, declarations }) => [page, pageOf(specifier, declarations)]),
);
pages.set("index.md", indexOf(read));

if (process.argv.includes("--write")) {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, text] of pages) writeFileSync(join(FOLDER, name), text);
}
const there = existsSync(FOLDER) ? readdirSync(FOLDER) : [];
const wrong = [
  ...[...pages]
    .filter(([name, text]) => !there.includes(name) || readFileSync(join(FOLDER, name), "utf8") !== text)
    .map(([name]) => name),
  ...there.filter((name) => !pages.has(name)),
];
const silent = read.flatMap(({ specifier, declarations }) =>
  declarations
    .filter(({ comment }) => comment === "")
    .map(({ name }) => `${specifier}: ${name} has no doc comment.`),
);
report({
  problems: wrong.map((name) => `docs/reference/api/${name} is out of date: run npm run docs:write`),
  notes: silent,
  good: `${pages.size} pages of ${read.reduce((sum, { declarations }) => sum + declarations.length, 0)} names are as the code has it`,
});

function readEntries(folder) {
  const manifest = JSON.parse(readFileSync(join(ROOT, "packages", folder, "package.json"), "utf8"));
  return Object.entries(manifest.exports ?? {}).flatMap(([path, target]) => {
    if (!target.types || !existsSync(join(ROOT, "packages", folder, target.types))) return [];
    const specifier = `${manifest.name}${path.slice(1)}`;
    const page = `${specifier.replace("@livecache/", "").replaceAll(/[/.]/g, "-")}.md`;
    return [{ specifier, page, file: join(ROOT, "packages", folder, target.types) }];
  });
}
