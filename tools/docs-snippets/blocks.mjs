import { parseSync } from "vite";

/**
 * @typedef {object} Block a piece of TypeScript on a page
 * @property {string} page path of the page
 * @property {number} line of its first line
 * @property {"ts" | "tsx"} kind
 * @property {string} code
 * @property {string | undefined} unchecked why it is not checked, from `<!-- unchecked: reason -->` in front of it
 */

const OPENING = /^( *)```(ts|tsx)(?:\s.*)?$/;
const UNCHECKED = /^<!-- unchecked: (.{10,}) -->$/;

/**
 * Every block of TypeScript on a page.
 * @param {string} page
 * @param {string} text
 * @returns {Block[]}
 */
export function blocksOf(page, text) {
  const lines = text.split("\n");
  const found = [];
  for (let at = 0; at < lines.length; at++) {
    const [, indent = "", kind] = OPENING.exec(lines[at]) ?? [];
    if (!kind) continue;
    const end = lines.findIndex((line, index) => index > at && line.trim() === "```");
    if (end === -1) throw new Error(`${page}:${at + 1}: a block that does not end.`);
    const code = lines.slice(at + 1, end).map((line) => line.slice(indent.length));
    const [, unchecked] = UNCHECKED.exec(previousText(lines, at)) ?? [];
    found.push({ page, line: at + 2, kind, code: code.join("\n"), unchecked });
    at = end;
  }
  return found;
}

function previousText(lines, at) {
  for (let index = at - 1; index >= 0; index--) if (lines[index].trim() !== "") return lines[index].trim();
  return "";
}

/**
 * The names that the top of a block declares, and what it says in a file of its own.
 * @param {Block} block
 * @returns {{ values: string[], types: string[], exported: Set<string> } | { flaw: string }}
 */
export function declaredBy({ page, line, kind, code }) {
  const { program, errors } = parseSync(`block.${kind}`, code);
  if (errors[0]) return { flaw: `${page}:${line}: cannot be parsed: ${errors[0].message}` };
  const values = [];
  const types = [];
  const exported = new Set();
  for (const statement of program.body) {
    const isExport = statement.type === "ExportNamedDeclaration" && statement.declaration;
    /** @type {any} */
    const node = isExport ? statement.declaration : statement;
    const names = namesOf(node);
    if (isExport) for (const name of names) exported.add(name);
    (isType(node) ? types : values).push(...names);
    if (statement.type === "ImportDeclaration") {
      for (const specifier of statement.specifiers) {
        const { local } = specifier;
        const importKind = "importKind" in specifier ? specifier.importKind : undefined;
        (statement.importKind === "type" || importKind === "type" ? types : values).push(local.name);
      }
    }
  }
  return { values, types, exported };
}

function isType({ type }) {
  return type === "TSInterfaceDeclaration" || type === "TSTypeAliasDeclaration";
}

function namesOf(node) {
  if (node.type === "VariableDeclaration") return node.declarations.flatMap(({ id }) => patternNames(id));
  const isNamed = /^(Function|Class|TSInterface|TSTypeAlias)Declaration$/.test(node.type) && node.id;
  return isNamed ? [node.id.name] : [];
}

function patternNames(pattern) {
  if (pattern.type === "Identifier") return [pattern.name];
  if (pattern.type === "ArrayPattern")
    return pattern.elements.flatMap((part) => (part ? patternNames(part) : []));
  if (pattern.type === "AssignmentPattern") return patternNames(pattern.left);
  if (pattern.type === "RestElement") return patternNames(pattern.argument);
  return (pattern.properties ?? []).flatMap((part) => patternNames(part.value ?? part.argument));
}
