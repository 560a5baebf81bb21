import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * The secret that signs sessions and live queries: the one given, or one made on the first start and kept in the data
 * folder, so that a restart signs nobody out. Processes that share the folder share it.
 */
export async function readSecret(given: string | undefined, dataDir: string): Promise<string> {
  if (given) return given;
  const fresh = randomBytes(32).toString("base64url");
  if (dataDir.startsWith("memory://")) return fresh;
  const file = join(dataDir, "secret");
  const draft = join(dataDir, `secret.${process.pid}`);
  await mkdir(dataDir, { recursive: true });
  await writeFile(draft, fresh, { mode: 0o600 });
  try {
    // A link appears whole or not at all: a process that starts at the same moment never reads half a secret.
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(draft);
  }
  return readFile(file, "utf8");
}
