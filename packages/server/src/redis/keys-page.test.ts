import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { createKeyspace } from "./keyspace.ts";

const PAGE = new URL("../../../../docs/reference/keys.md", import.meta.url);
const { head, log, nodes, acks, ...named } = createKeyspace({ prefix: "lc", database: 0, realm: "main" });
const spelled = [head, log, nodes, acks, ...Object.values(named).map((spell) => spell("…"))];

test.each(spelled)("docs/reference/keys.md says what %s is", async (key) => {
  expect(await readFile(PAGE, "utf8")).toContain(`\`${key}\``);
});
