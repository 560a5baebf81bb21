import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { createKeyspace } from "./keyspace.ts";

const PAGE = new URL("../../../../docs/reference/keys.md", import.meta.url);
const keyspace = createKeyspace({ prefix: "lc", database: 0, realm: "main" });
/** These two find keys, and spell none. */
const FINDERS = ["entriesFrom", "nameOf"];
const spellers = Object.entries(keyspace).filter(([name]) => !FINDERS.includes(name));
const spelled = spellers.map(([, spell]) => (typeof spell === "string" ? spell : spell("…")));

test.each(spelled)("docs/reference/keys.md says what %s is", async (key) => {
  expect(await readFile(PAGE, "utf8")).toContain(`\`${key}\``);
});
