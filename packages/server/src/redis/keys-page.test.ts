import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { createKeyspace } from "./keyspace.ts";

/** The first column of the table, without its backquotes. */
async function documentedKeys(): Promise<string[]> {
  const page = await readFile(new URL("../../../../docs/reference/keys.md", import.meta.url), "utf8");
  return [...page.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1]!);
}

test("docs/reference/keys.md names every key of the key space as it is spelled, and nothing else", async () => {
  const { head, log, nodes, acks, ...named } = createKeyspace({ prefix: "P", database: 0, realm: "R" });
  const spelled = [
    ...[head, log, nodes, acks],
    ...Object.entries(named).map(([kind, spell]) => spell(kind === "mark" ? "GROUND" : "NAME")),
  ];
  const documented = await documentedKeys();
  expect(new Set(documented)).toEqual(new Set(spelled));
});
