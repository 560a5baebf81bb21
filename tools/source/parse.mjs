import { parseSync, Visitor } from "vite";

/**
 * @typedef {object} Import what one file takes from one module
 * @property {string | undefined} specifier as written; undefined for `import(expression)`
 * @property {readonly string[]} names imported names; `"*"` for a whole module; none for a bare `import "x"`
 * @property {boolean} typeOnly whether it leaves no trace at run time
 * @property {number} line
 */

/**
 * @typedef {object} Export
 * @property {string} name what importers write; `"*"` for `export * from`
 * @property {string} local the name inside the file
 * @property {boolean} isType whether it is declared as a type, an interface or a type-only export
 * @property {number} line
 */

/** Parses one TypeScript or JavaScript file. Throws on a syntax error, with the place. */
export function parse(path, text) {
  const { program, module, comments, errors } = parseSync(path, text);
  const [first] = errors;
  if (first) throw new Error(`${path} cannot be parsed: ${first.message}`);
  return { program, module, comments, lineAt: lineCounter(text) };
}

/** Every import of a parsed file: statements, re-exports, `import()`, `import("x").Type`, `import x = require()`. */
export function importsOf({ program, lineAt }) {
  /** @type {Import[]} */
  const found = [];
  const add = (node, { source = node.source, names = ["*"], typeOnly = false }) =>
    found.push({ specifier: literal(source), names, typeOnly, line: lineAt(node.start) });
  new Visitor({
    ImportDeclaration(node) {
      add(node, { names: node.specifiers.map(importedName), typeOnly: node.importKind === "type" });
    },
    ExportNamedDeclaration(node) {
      if (!node.source) return;
      const names = node.specifiers.map((specifier) => nameOf(specifier.local));
      add(node, { names, typeOnly: node.exportKind === "type" });
    },
    ExportAllDeclaration(node) {
      add(node, { typeOnly: node.exportKind === "type" });
    },
    ImportExpression(node) {
      add(node, {});
    },
    TSImportType(node) {
      add(node, { names: [firstName(node.qualifier) ?? "*"], typeOnly: true });
    },
    TSExternalModuleReference(node) {
      add(node, { source: node.expression });
    },
  }).visit(program);
  return found;
}

/** Every name a parsed file exports. */
export function exportsOf({ module, lineAt }) {
  /** @type {Export[]} */
  const found = [];
  for (const statement of module.staticExports) {
    for (const { exportName, localName, importName, isType, start } of statement.entries) {
      const name = exportName.kind === "Default" ? "default" : (exportName.name ?? "*");
      const local = localName.name ?? importName.name ?? name;
      found.push({ name, local, isType, line: lineAt(start) });
    }
  }
  return found;
}

/** How often each identifier is written in a parsed file: declarations count, export lists do not. */
export function identifierCounts({ program }) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  const add = (name, times) => counts.set(name, (counts.get(name) ?? 0) + times);
  const count = (node) => add(node.name, 1);
  new Visitor({
    Identifier: count,
    JSXIdentifier: count,
    ExportSpecifier({ local, exported }) {
      for (const node of [local, exported]) if (node.type === "Identifier") add(node.name, -1);
    },
  }).visit(program);
  return counts;
}

function lineCounter(text) {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle] <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}

function literal(source) {
  return source.type === "Literal" && typeof source.value === "string" ? source.value : undefined;
}

function importedName(specifier) {
  if (specifier.type === "ImportNamespaceSpecifier") return "*";
  return specifier.type === "ImportDefaultSpecifier" ? "default" : nameOf(specifier.imported);
}

function nameOf(node) {
  return node.type === "Literal" ? node.value : node.name;
}

function firstName(qualifier) {
  if (!qualifier) return undefined;
  return qualifier.type === "TSQualifiedName" ? firstName(qualifier.left) : qualifier.name;
}
