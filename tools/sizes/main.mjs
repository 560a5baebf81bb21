import { readProject } from "../source/project.mjs";
import { report, ROOT } from "../source/report.mjs";
import { EXCEPTIONS } from "./exceptions.mjs";
import { judgeSizes } from "./judge.mjs";

const project = readProject(ROOT);
report({ ...judgeSizes(project, EXCEPTIONS), good: `${project.files.size} files keep to the limits` });
