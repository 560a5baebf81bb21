import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Claims a folder for this process: the embedded database is one process's own, and two would ruin it. A claim left by a
 * process that is gone is taken over. Returns the function that gives the folder back.
 *
 * @throws when a running process holds the folder
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, "process.lock");
  const claim = (): Promise<void> => writeFile(file, String(process.pid), { flag: "wx" });
  try {
    await claim();
  } catch {
    const holder = Number(await readFile(file, "utf8"));
    if (holder !== process.pid && isRunning(holder)) {
      throw new Error(
        `${folder} is in use by process ${holder}. Stop it, choose another DATA_DIR, or give several processes one DATABASE_URL.`,
      );
    }
    await rm(file, { force: true });
    await claim();
  }
  return () => rm(file, { force: true });
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
