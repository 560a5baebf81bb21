/**
 * The table as a page for readers.
 * @param {{ rooms: readonly import("./table.mjs").Room[], hosts: Readonly<Record<string, readonly string[]>> }} table
 */
export function renderHouse({ rooms, hosts }) {
  return `${INTRO}
| room | lives in | may import | as types only | from outside |
|---|---|---|---|---|
${rooms.map(row).join("\n")}

\`node\` stands for Node's own modules; \`declared\` for whatever the package names in its package.json; \`public\` for
the public entries of every package, such as \`livecache/redis\`.

Host libraries have owners:

| library | only imported by |
|---|---|
${Object.entries(hosts)
  .map(([name, owners]) => `| ${code(name)} | ${owners.map(code).join(", ")} |`)
  .join("\n")}

${RULES}`;
}

const INTRO = `# The house: what may import what

This page is written by \`node tools/arrows/main.mjs --write-docs\` from \`tools/arrows/table.mjs\`, and \`npm run check\`
fails when the two differ. A room is a folder. An import that is not in the table fails the check, and so does a file in
a folder that has no row: a new room starts with a row here.
`;

const RULES = `## Rules that need no row

- Rooms meet in the change log, never in an import: no room imports another, a ground imports no room, nothing
  imports a door, and only the user of the library hands a Redis ground in.
- \`import type\`, \`typeof import()\`, \`import()\` and \`export … from\` are arrows like any other.
- No circle of imports among files; type imports count.
- Another package is imported by a public name from its \`exports\`: no path into its \`src\` or \`dist\`, and no relative
  path that leaves the own package.
- Every package that is imported is declared in the package.json of the importer.
- Sources never import tests. Tests (\`*.test.*\` and \`test/\`) and configuration files may import anything of their own
  package, public entries of the others, and whatever is declared.
`;

/** @param {import("./table.mjs").Room} room */
function row({ name, at, may, types = [], outside }) {
  return `| ${[code(name), code(at), list(may), types.map(code).join(", "), list(outside)].join(" | ")} |`;
}

function list(names) {
  return names.map(code).join(", ") || "nothing";
}

function code(name) {
  return `\`${name}\``;
}
