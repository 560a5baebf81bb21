import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseSync } from "vite";

/**
 * @typedef {object} Declaration something that a package exports
 * @property {string} name as importers write it
 * @property {"function" | "class" | "constant" | "type"} kind
 * @property {string} comment the text of its doc comment, without stars
 * @property {string} code its declaration, one for each overload
 */

/**
 * Everything that a built entry exports, in the order of names.
 * @param {string} file a `.d.ts`
 * @param {(specifier: string) => string | undefined} packageFile the `.d.ts` of a package's entry
 * @returns {Declaration[]}
 */
export function declarationsOf(file, packageFile) {
  const read = createReader();
  const found = new Map();
  for (const { name, from, local } of exportsOf(read(file), file, packageFile)) {
    found.set(name, declarationIn({ read, file: from, local, packageFile }, name));
  }
  return [...found.values()].sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
}

function createReader() {
  const known = new Map();
  return (file) => {
    if (!known.has(file)) {
      const text = readFileSync(file, "utf8");
      const { program, comments } = parseSync(file, text);
      known.set(file, { text, program, comments });
    }
    return known.get(file);
  };
}

/** What a file exports, and in which file each name is declared or exported again. */
function exportsOf({ program }, file, packageFile) {
  return program.body.flatMap((statement) => {
    if (statement.type !== "ExportNamedDeclaration") return [];
    if (statement.declaration)
      return namesOf(statement.declaration).map((name) => ({ name, local: name, from: file }));
    const from = statement.source ? fileOf(statement.source.value, file, packageFile) : file;
    return statement.specifiers.map(({ exported, local }) => ({
      name: exported.name,
      local: local.name,
      from,
    }));
  });
}

function fileOf(specifier, from, packageFile) {
  if (specifier.startsWith(".")) return join(dirname(from), specifier.replace(/\.[jt]s$/, ".d.ts"));
  return packageFile(specifier);
}

function declarationIn(place, name) {
  const { read, file, local } = place;
  if (!file) throw new Error(`${name} comes from a package without a built entry.`);
  const source = read(file);
  const own = source.program.body.filter((statement) =>
    namesOf(statement.declaration ?? statement).includes(local),
  );
  if (own.length === 0) return declarationIn({ ...place, ...originOf(source, place) }, name);
  const [first] = own;
  return {
    name,
    kind: kindOf(first.declaration ?? first),
    comment: commentBefore(source, first.start),
    code: own.map((statement) => codeOf(source.text, statement)).join("\n"),
  };
}

/** Where a name comes from that a file imports, or exports from elsewhere. */
function originOf({ program }, { file, local, packageFile }) {
  for (const statement of program.body) {
    if (!statement.source || !statement.specifiers) continue;
    const found = statement.specifiers.find(
      (one) => (statement.type === "ImportDeclaration" ? one.local : one.exported).name === local,
    );
    if (!found) continue;
    const other = statement.type === "ImportDeclaration" ? found.imported : found.local;
    return { file: fileOf(statement.source.value, file, packageFile), local: other.name };
  }
  throw new Error(`${file} does not declare ${local}.`);
}

function namesOf(node) {
  if (!node) return [];
  if (node.type === "VariableDeclaration") return node.declarations.map(({ id }) => id.name);
  return /Declaration$|^TSDeclareFunction$/.test(node.type) && node.id ? [node.id.name] : [];
}

function kindOf({ type }) {
  if (type === "TSDeclareFunction" || type === "FunctionDeclaration") return "function";
  if (type === "ClassDeclaration") return "class";
  return type === "VariableDeclaration" ? "constant" : "type";
}

function codeOf(text, { start, end }) {
  return text
    .slice(start, end)
    .replace(/^export (declare )?/, "")
    .replace(/^declare /, "");
}

/** The doc comment that ends right in front of a statement. */
function commentBefore({ text, comments }, start) {
  const found = comments.findLast(
    (comment) => comment.type === "Block" && comment.value.startsWith("*") && comment.end <= start,
  );
  if (!found || text.slice(found.end, start).trim() !== "") return "";
  return found.value
    .replace(/^\*/, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, ""))
    .join("\n")
    .trim();
}
