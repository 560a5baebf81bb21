const SECTIONS = [
  { title: "Functions", kinds: ["function", "class"] },
  { title: "Values", kinds: ["constant"] },
  { title: "Types", kinds: ["type"] },
];

/**
 * The page of one entry.
 * @param {string} specifier as importers write it
 * @param {readonly import("./declarations.mjs").Declaration[]} declarations
 */
export function pageOf(specifier, declarations) {
  const parts = SECTIONS.flatMap(({ title, kinds }) => {
    const own = declarations.filter(({ kind }) => kinds.includes(kind));
    return own.length === 0 ? [] : [`## ${title}`, ...own.map(sectionOf)];
  });
  return `# ${specifier}\n\n<!-- Made from the declarations by tools/docs-reference: do not edit. -->\n\n${parts.join("\n\n")}\n`;
}

/** The list of all entries. */
export function indexOf(entries) {
  const rows = entries.map(({ specifier, page, declarations }) => {
    const functions = declarations.filter(({ kind }) => kind !== "type").map(({ name }) => `\`${name}\``);
    const types = declarations.filter(({ kind }) => kind === "type").length;
    const shown = [...functions, ...(types > 0 ? [`${types} type${types > 1 ? "s" : ""}`] : [])];
    return `| [\`${specifier}\`](${page}) | ${shown.join(", ")} |`;
  });
  return [
    "# Every name, by entry",
    "",
    "<!-- Made from the declarations by tools/docs-reference: do not edit. -->",
    "",
    "What the packages export, with their types and doc comments, made from the built declarations. The pages beside this one explain how things go together.",
    "",
    "| entry | exports |",
    "| --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

function sectionOf({ name, comment, code }) {
  const text = comment === "" ? [] : [textOf(comment)];
  return [`### ${name}`, ...text, `\`\`\`ts\n${code}\n\`\`\``].join("\n\n");
}

/** A doc comment in Markdown: links as names, what is thrown as a paragraph, and nothing that Vue would take for its own. */
function textOf(comment) {
  return comment
    .replaceAll(/\{@link ([^}\s]+)(?:\s[^}]*)?\}/g, "`$1`")
    .replaceAll(/^@throws /gm, "\n**Throws** ")
    .replaceAll(/^@(\w+) /gm, "\n*$1* ")
    .replaceAll("{{", "{ {")
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll("<", "&lt;")))
    .join("")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
}
