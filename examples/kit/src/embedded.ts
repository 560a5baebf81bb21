import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { PGlite } from "@electric-sql/pglite";

/**
 * Opens the embedded database in a folder, or in memory (`memory://`). A new one begins as a copy of the empty one whose file
 * `EMBEDDED_TEMPLATE` names, where it does: to make it anew takes seconds.
 */
export async function createEmbedded(folder: string): Promise<PGlite> {
  const template = process.env["EMBEDDED_TEMPLATE"];
  const isThere = !folder.startsWith("memory://") && existsSync(folder);
  if (isThere || !template) return PGlite.create(folder);
  return PGlite.create(folder, { loadDataDir: new Blob([await readFile(template)]) });
}
