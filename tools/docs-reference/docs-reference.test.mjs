import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { declarationsOf } from "./declarations.mjs";
import { indexOf, pageOf } from "./page.mjs";

function built(files) {
  const folder = mkdtempSync(join(tmpdir(), "docs-reference-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return (name) => join(folder, name);
}

const FILES = {
  "index.d.ts": [
    'export { open, type Options } from "./open.js";',
    'export { LiveError } from "wire";',
    "/** How many. */\nexport declare const MOST: 7;",
  ].join("\n"),
  "open.d.ts": [
    'import type { Options } from "./options.js";',
    "/** Not public. */\ndeclare const hidden: 1;",
    "/**\n * Opens it: see {@link Options}.\n *\n * @throws LiveError `LIVE_CLOSED` when a < b\n */",
    "export declare function open(options: Options): void;",
    "export declare function open(): void;",
    "export type { Options };",
  ].join("\n"),
  "options.d.ts": "export interface Options {\n  /** How long. */\n  readonly ttl: number;\n}",
  "wire.d.ts": "/** The one error. */\nexport declare class LiveError extends Error {}",
};

test("whatever an entry exports is found where it is declared, over files and packages", () => {
  const at = built(FILES);
  const found = declarationsOf(at("index.d.ts"), (specifier) =>
    specifier === "wire" ? at("wire.d.ts") : undefined,
  );
  expect(found.map(({ name, kind, comment }) => [name, kind, comment])).toEqual([
    ["LiveError", "class", "The one error."],
    ["MOST", "constant", "How many."],
    ["open", "function", "Opens it: see {@link Options}.\n\n@throws LiveError `LIVE_CLOSED` when a < b"],
    ["Options", "type", ""],
  ]);
  expect(found[2].code).toBe("function open(options: Options): void;\nfunction open(): void;");
  expect(found[3].code).toContain("/** How long. */");
});

test("what comes from a package that is not known fails by name", () => {
  const at = built(FILES);
  expect(() => declarationsOf(at("index.d.ts"), () => undefined)).toThrow("LiveError comes from a package");
});

test("a page has functions first, doc comments as text, and the declaration as it is", () => {
  const at = built(FILES);
  const declarations = declarationsOf(at("index.d.ts"), () => at("wire.d.ts"));
  const page = pageOf("livecache/x", declarations);
  expect(page.match(/^##+ .*$/gm)).toEqual([
    "## Functions",
    "### LiveError",
    "### open",
    "## Values",
    "### MOST",
    "## Types",
    "### Options",
  ]);
  expect(page).toContain(
    "Opens it: see `Options`.\n\n**Throws** LiveError `LIVE_CLOSED` when a &lt; b\n\n```ts\nfunction open(",
  );
  expect(indexOf([{ specifier: "livecache/x", page: "x.md", declarations }])).toContain(
    "| [`livecache/x`](x.md) | `LiveError`, `MOST`, `open`, 1 type |",
  );
});
