import { fileURLToPath } from "node:url";

/** What the environment decides. */
export interface Settings {
  /** 0 takes any free port. */
  readonly port: number;
  readonly redisUrl: string | undefined;
  readonly databaseUrl: string | undefined;
  /** Folder of the embedded database and of the generated secret; `memory://` keeps nothing. */
  readonly dataDir: string;
  readonly secret: string | undefined;
}

/**
 * Reads `PORT`, `REDIS_URL`, `DATABASE_URL`, `DATA_DIR` and `LIVE_SECRET`. An empty variable counts as absent. `home` is the folder
 * in which data is kept by default.
 *
 * @throws when `PORT` is no port number
 */
export function readSettings(env: NodeJS.ProcessEnv, home: URL): Settings {
  const port = Number(env["PORT"] || 3000);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`PORT: expected a number from 0 to 65535, received "${env["PORT"]}".`);
  }
  return {
    port,
    redisUrl: env["REDIS_URL"] || undefined,
    databaseUrl: env["DATABASE_URL"] || undefined,
    dataDir: env["DATA_DIR"] || fileURLToPath(home),
    secret: env["LIVE_SECRET"] || undefined,
  };
}
