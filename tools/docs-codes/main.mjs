import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ERRORS } from "@livecache/wire";
import { readProject } from "../source/project.mjs";
import { report, ROOT } from "../source/report.mjs";
import { compareCodes } from "./compare.mjs";

const TEST_FILE = /^(packages|rig|examples)\/.*\.test\.(ts|tsx)$/;

const project = readProject(ROOT);
const tests = [...project.files.values()].filter(({ path }) => TEST_FILE.test(path)).map(({ text }) => text);
const page = readFileSync(join(ROOT, "docs/reference/errors.md"), "utf8");
report({
  problems: compareCodes({ registry: ERRORS, page, tests }),
  good: `${Object.keys(ERRORS).length} error codes are explained and tested`,
});
