// Making an embedded database (PGlite) anew takes five seconds of processor time, and the examples' tests make dozens: each starts from the
// bytes of an empty one, which are made once and kept.
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const FOLDER = new URL("../../node_modules/.cache/livecache/", import.meta.url);
const require = createRequire(new URL("../../examples/kit/package.json", import.meta.url));

/** Says in `EMBEDDED_TEMPLATE` where the bytes are, for the processes of tests; makes them where there are none. */
export async function ensureTemplate() {
  const { dependencies } = JSON.parse(
    readFileSync(new URL("../../examples/kit/package.json", import.meta.url), "utf8"),
  );
  const version = dependencies["@electric-sql/pglite"];
  const path = fileURLToPath(new URL(`pglite-${version}.tar`, FOLDER));
  if (!existsSync(path)) await makeTemplate(path);
  process.env["EMBEDDED_TEMPLATE"] = path;
}

async function makeTemplate(path) {
  const { PGlite } = require("@electric-sql/pglite");
  const database = await PGlite.create("memory://");
  const bytes = await database.dumpDataDir("none");
  await database.close();
  await mkdir(FOLDER, { recursive: true });
  // Another run may be about to do the same.
  const unfinished = `${path}.${process.pid}`;
  await writeFile(unfinished, Buffer.from(await bytes.arrayBuffer()));
  await rename(unfinished, path);
}
