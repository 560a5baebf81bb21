import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ERRORS } from "@livecache/wire";
import { isTest, readProject } from "../source/project.mjs";
import { report, ROOT } from "../source/report.mjs";
import { compareCodes } from "./compare.mjs";

const REGISTRY = "packages/wire/src/errors.ts";
const TEST_FILE = /^(packages|rig|examples)\/.*\.test\.(ts|tsx)$/;

const files = [...readProject(ROOT).files.values()];
const tests = files.filter(({ path }) => TEST_FILE.test(path));
const code = files.filter(({ path }) => path.startsWith("packages/") && path !== REGISTRY && !isTest(path));
const page = readFileSync(join(ROOT, "docs/reference/errors.md"), "utf8");
report({
  problems: compareCodes({ registry: ERRORS, page, code: code.map(textOf), tests: tests.map(textOf) }),
  good: `${Object.keys(ERRORS).length} error codes are explained and tested`,
});

/** @param {import("../source/project.mjs").SourceFile} file */
function textOf({ text }) {
  return text;
}
