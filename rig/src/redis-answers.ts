import type { RedisProcess } from "./redis-process.ts";

/** Beyond this, a server counts as one that does not answer: it may be frozen. */
const PATIENCE_MS = 300;

/** Asks all servers that run, and answers what those say that answer soon. */
export async function answersOf<S extends RedisProcess, T>(
  servers: readonly S[],
  ask: (server: S) => Promise<T>,
): Promise<readonly T[]> {
  const answers: T[] = [];
  const running = servers.filter((server) => server.pid() !== undefined);
  const all = Promise.allSettled(running.map(async (server) => void answers.push(await ask(server))));
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([all, new Promise((resolve) => (timer = setTimeout(resolve, PATIENCE_MS)))]);
  clearTimeout(timer);
  return [...answers];
}
