import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { identifierCounts, parse } from "../source/parse.mjs";
import { declaredBy } from "./blocks.mjs";

/**
 * Writes every block in a file of its own, for the compiler. What an earlier block of the page declared is imported where a later one uses it.
 * @param {string} folder is emptied
 * @param {readonly import("./blocks.mjs").Block[]} blocks
 * @returns {{ files: Map<string, { block: import("./blocks.mjs").Block, before: number }>, flaws: string[] }} files by name, `before` counts
 *   lines put in front; and what cannot even be read
 */
export function writeBlocks(folder, blocks) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const files = new Map();
  const flaws = [];
  const earlier = new Map();
  for (const [index, block] of blocks.entries()) {
    if (block.unchecked) continue;
    const known = earlier.get(block.page) ?? earlier.set(block.page, new Map()).get(block.page);
    const name = `block-${index}.${block.kind}`;
    const own = declaredBy(block);
    if ("flaw" in own) {
      flaws.push(own.flaw);
      continue;
    }
    const { imports, exports } = joints({ block, own, name }, known);
    writeFileSync(
      join(folder, name),
      [
        ...imports,
        block.code.replaceAll('"../contract.ts"', '"./contract.ts"'),
        ...exports,
        "export {};",
        "",
      ].join("\n"),
    );
    files.set(name, { block, before: imports.length });
  }
  return { files, flaws };
}

/** What ties a block to the others of its page. `known` is filled with what it declares. */
function joints({ block, own, name }, known) {
  const used = identifierCounts(parse(`block.${block.kind}`, block.code));
  const declared = new Set([...own.values, ...own.types]);
  const imports = [...known]
    .filter(([wanted]) => used.has(wanted) && !declared.has(wanted))
    .map(([wanted, { from, isType }]) => `import ${isType ? "type " : ""}{ ${wanted} } from "./${from}";`);
  const exports = [];
  for (const [list, isType] of [
    [own.values, false],
    [own.types, true],
  ]) {
    for (const each of list) {
      if (!own.exported.has(each)) exports.push(`export ${isType ? "type " : ""}{ ${each} };`);
      known.set(each, { from: name, isType });
    }
  }
  return { imports, exports };
}
