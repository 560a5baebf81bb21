import { readProject } from "../source/project.mjs";
import { report, ROOT } from "../source/report.mjs";
import { findDeadExports } from "./dead.mjs";

const project = readProject(ROOT);
report({ problems: findDeadExports(project), good: "every export is used or public" });
