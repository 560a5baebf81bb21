import { Visitor } from "vite";
import { codeLineCounter } from "./code-lines.mjs";

/** Code lines, without blanks and comments. */
const LIMITS = { fileWarns: 250, fileFails: 400, functionFails: 80, parameters: 3 };

/**
 * @typedef {object} Finding
 * @property {"file" | "function" | "parameters" | "name"} limit
 * @property {string} message
 * @property {boolean} [warning] only worth a note
 */

/**
 * What is too long in one file.
 * @param {import("../source/project.mjs").SourceFile} file
 * @returns {Finding[]}
 */
export function measure({ path, text, syntax }) {
  const count = codeLineCounter(text, syntax.comments);
  const findings = fileFindings(path, count());
  for (const node of functionsOf(syntax.program)) {
    const line = syntax.lineAt(node.start);
    const lines = count(line, syntax.lineAt(node.end));
    if (lines > LIMITS.functionFails) {
      const message = `${path}:${line}: function of ${lines} code lines, at most ${LIMITS.functionFails}.`;
      findings.push({ limit: "function", message });
    }
    const parameters = node.params.filter((parameter) => parameter.name !== "this").length;
    if (parameters > LIMITS.parameters) {
      const message = `${path}:${line}: ${parameters} parameters, at most ${LIMITS.parameters}; take an object.`;
      findings.push({ limit: "parameters", message });
    }
  }
  return findings;
}

/** @returns {Finding[]} */
function fileFindings(path, lines) {
  if (lines <= LIMITS.fileWarns) return [];
  const warning = lines <= LIMITS.fileFails;
  const message = `${path}: ${lines} code lines, ${warning ? "aim at 100" : `at most ${LIMITS.fileFails}`}.`;
  return [{ limit: "file", message, warning }];
}

function functionsOf(program) {
  const found = [];
  const keep = (node) => found.push(node);
  new Visitor({
    FunctionDeclaration: keep,
    FunctionExpression: keep,
    ArrowFunctionExpression: keep,
    TSDeclareFunction: keep,
    TSEmptyBodyFunctionExpression: keep,
    TSMethodSignature: keep,
    TSFunctionType: keep,
  }).visit(program);
  return found;
}
