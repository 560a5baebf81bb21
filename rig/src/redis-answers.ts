import type { RedisProcess } from "./redis-process.ts";

/** Once most have answered, the others get so much longer: one of them may be frozen. */
const PATIENCE_MS = 150;

/** Asks all servers that run. Answers what they say; not what comes long after most have answered, and not what fails. */
export async function answersOf<S extends RedisProcess, T>(
  servers: readonly S[],
  ask: (server: S) => Promise<T>,
): Promise<readonly T[]> {
  const answers: T[] = [];
  const running = servers.filter((server) => server.pid() !== undefined);
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    const one = async (server: S): Promise<void> => {
      answers.push(await ask(server));
      if (answers.length * 2 > servers.length) timer ??= setTimeout(resolve, PATIENCE_MS);
    };
    void Promise.allSettled(running.map(one)).then(() => resolve());
  });
  clearTimeout(timer);
  return [...answers];
}
