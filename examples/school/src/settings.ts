import { readSettings as readShared } from "example-kit/settings";
import type { Settings } from "example-kit/settings";

/**
 * Reads what all examples read, and where Redis is in parts: `REDIS_HOST`, `REDIS_PORT`, `REDIS_PASSWORD` and `REDIS_DB`, so that staging and
 * production share one Redis under two numbers. Without a host there is no Redis; `REDIS_URL` goes before all of them.
 *
 * @throws when a port or a database number is none
 */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const shared = readShared(env, new URL("../.data", import.meta.url));
  return { ...shared, redisUrl: shared.redisUrl ?? redisUrlOf(env) };
}

function redisUrlOf(env: NodeJS.ProcessEnv): string | undefined {
  const host = env["REDIS_HOST"];
  if (!host) return undefined;
  const port = wholeNumber("REDIS_PORT", env["REDIS_PORT"] || "6379", [1, 65_535]);
  const database = wholeNumber("REDIS_DB", env["REDIS_DB"] || "0", [0, 15]);
  const password = env["REDIS_PASSWORD"];
  return `redis://${password ? `:${encodeURIComponent(password)}@` : ""}${host}:${port}/${database}`;
}

function wholeNumber(name: string, text: string, [least, most]: readonly [number, number]): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new Error(`${name}: expected a whole number from ${least} to ${most}, received "${text}".`);
}
