import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readProject } from "../source/project.mjs";
import { report, ROOT } from "../source/report.mjs";
import { findCycles } from "./cycles.mjs";
import { renderHouse } from "./house.mjs";
import { judgeImports } from "./judge.mjs";
import { HOSTS, ROOMS } from "./table.mjs";

const table = { rooms: ROOMS, hosts: HOSTS };
const page = join(ROOT, "docs/reference/house.md");
if (process.argv.includes("--write-docs")) writeFileSync(page, renderHouse(table));

const project = readProject(ROOT);
const problems = [...judgeImports(project, table), ...findCycles(project)];
if (readPage() !== renderHouse(table)) {
  problems.push("docs/reference/house.md is out of date: run node tools/arrows/main.mjs --write-docs");
}
report({ problems, good: `${project.files.size} files keep to the table` });

function readPage() {
  try {
    return readFileSync(page, "utf8");
  } catch {
    return undefined;
  }
}
