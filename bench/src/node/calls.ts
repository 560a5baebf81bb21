import type { NodeProcess } from "@livecache/rig";

/** What a process can be asked to do. */
export type Acts = Readonly<Record<string, (...args: never[]) => unknown>>;

/** The acts of a process, asked from outside it. */
export type Calls<A extends Acts> = {
  readonly [Act in keyof A]: (...args: Parameters<A[Act]>) => Promise<Awaited<ReturnType<A[Act]>>>;
};

/** Longest that one act is waited for. */
const ACT_WITHIN_MS = 240_000;

/** The acts of a process, each bounded in time: one that hangs rejects, and its process is killed. */
export function callsOf<A extends Acts>(node: NodeProcess): Calls<A> {
  return new Proxy({} as Calls<A>, {
    get(target, act) {
      // Whoever awaits the whole asks for this first.
      if (act === "then") return undefined;
      const known: unknown = Reflect.get(target, act);
      return known ?? ((...args: unknown[]) => bounded(String(act), node, node.call(String(act), ...args)));
    },
  });
}

async function bounded(act: string, node: NodeProcess, work: Promise<unknown>): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`it hung: ${act} was not done within ${ACT_WITHIN_MS} ms`));
      void node.kill();
    }, ACT_WITHIN_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
