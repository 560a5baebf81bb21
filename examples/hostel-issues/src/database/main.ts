import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { readSettings } from "../settings.ts";
import { lockFolder } from "example-kit/folder-lock";
import { shareDatabase } from "example-kit/shared-database";

/** Shares the embedded database between server processes: prints the `DATABASE_URL` for them and runs until stopped. */
async function main(): Promise<void> {
  const { dataDir } = readSettings(process.env);
  await mkdir(dataDir, { recursive: true });
  const release = await lockFolder(dataDir);
  const shared = await shareDatabase(join(dataDir, "database"), Number(process.env["DATABASE_PORT"] || 0));
  console.log(`ready ${shared.url}`);
  const stop = (): void => {
    shared
      .close()
      .then(release)
      .then(() => process.exit(0));
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
