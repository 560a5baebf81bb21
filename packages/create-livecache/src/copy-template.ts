import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { WrongUse } from "./read-arguments.ts";
import type { Template } from "./read-arguments.ts";

/** What is to be written where. */
export interface NewApplication {
  /** Absolute; made if it is not there. */
  readonly folder: string;
  readonly name: string;
  readonly template: Template;
  readonly hasAgents: boolean;
  /** Of Livecache, which the application asks for. */
  readonly version: string;
}

const TEMPLATES = new URL("../template/", import.meta.url);

/** What may be in a folder that counts as empty. */
const UNSEEN = new Set([".git", ".DS_Store"]);

/**
 * Writes a new application. Rejects with {@link WrongUse}, and writes nothing, when the folder has something in it; a write that fails on the way takes away
 * what was written.
 */
export async function copyTemplate(application: NewApplication): Promise<void> {
  const { folder, template, hasAgents } = application;
  await refuseFull(folder);
  const made = await mkdir(folder, { recursive: true });
  try {
    await cp(fileURLToPath(new URL(template, TEMPLATES)), folder, { recursive: true });
    // npm leaves files of this name out of packages.
    await rename(join(folder, "_gitignore"), join(folder, ".gitignore"));
    await fillIn(application);
    if (hasAgents) await cp(fileURLToPath(new URL("agents/AGENTS.md", TEMPLATES)), join(folder, "AGENTS.md"));
  } catch (error) {
    if (made !== undefined) await rm(made, { recursive: true, force: true });
    throw error;
  }
}

async function refuseFull(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    if (error.code === "ENOTDIR") throw new WrongUse(`${folder} is a file: give another name.`);
    throw error;
  });
  const seen = names.filter((name) => !UNSEEN.has(name));
  if (seen.length === 0) return;
  const some = seen.slice(0, 3).join(", ") + (seen.length > 3 ? ", …" : "");
  throw new WrongUse(`${folder} is not empty (${some}): give another name. Nothing was written.`);
}

/** Puts the name and the version where templates have a place for them. */
async function fillIn({ folder, name, version }: NewApplication): Promise<void> {
  for (const file of ["package.json", "README.md"]) {
    const path = join(folder, file);
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replaceAll("{{name}}", name).replaceAll("{{version}}", version));
  }
}
