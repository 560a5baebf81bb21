import { join } from "node:path";
import { readSettings as readShared } from "example-kit/settings";
import type { Settings } from "example-kit/settings";
import { ownSchema } from "example-kit/own-schema";

/** Reads the environment: what all examples read. `PORT` is the page's; the applications have the ports after it. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const settings = readShared(env, new URL("../.data", import.meta.url));
  if (settings.port > 65_000) {
    throw new Error(
      `PORT: expected 65000 at most, so that the applications have ports too, received ${settings.port}.`,
    );
  }
  return settings;
}

/**
 * The settings of one application: a folder of its own, and in a database that all share a schema of its own.
 *
 * @throws when PostgreSQL cannot be reached
 */
export async function settingsFor(settings: Settings, name: string): Promise<Settings> {
  const { databaseUrl, dataDir } = settings;
  return {
    ...settings,
    databaseUrl: databaseUrl && (await ownSchema(databaseUrl, name)),
    dataDir: folderOf(dataDir, name),
  };
}

/** Where something of the showcase keeps its data. */
export function folderOf(dataDir: string, name: string): string {
  return dataDir.startsWith("memory://") ? dataDir : join(dataDir, name);
}
