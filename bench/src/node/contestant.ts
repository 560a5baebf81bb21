import { startNode } from "@livecache/rig";
import type { NodeProcess } from "@livecache/rig";
import type { OpenSetting } from "./cell.ts";
import type { createSubjectActs } from "./subject-acts.ts";

type Acts = ReturnType<typeof createSubjectActs>;

/** The process of one contestant, seen from the run. */
export interface Contestant {
  readonly name: string;
  /** Asks for one act. Rejects when the process ends, or takes longer than its deadline: it is killed then. */
  call<A extends keyof Acts>(act: A, ...args: Parameters<Acts[A]>): Promise<Awaited<ReturnType<Acts[A]>>>;
  close(): Promise<void>;
}

/** Longest that one act is waited for. */
const ACT_WITHIN_MS = 600_000;

/** Starts a contestant and opens it. `label` is what the tables call it. */
export async function startContestant(
  setting: OpenSetting,
  {
    label = setting.name,
    withinMs = ACT_WITHIN_MS,
  }: { readonly label?: string; readonly withinMs?: number } = {},
): Promise<Contestant> {
  const node = await startNode(new URL("./subject-node.js", import.meta.url));
  const contestant: Contestant = {
    name: label,
    call: (act, ...args) => bounded(node, node.call(act, ...args), { what: act, withinMs }) as never,
    close: () => node.close(),
  };
  try {
    await contestant.call("open", setting);
  } catch (error) {
    await node.kill();
    throw error;
  }
  return contestant;
}

async function bounded<T>(
  node: NodeProcess,
  work: Promise<T>,
  { what, withinMs }: { readonly what: string; readonly withinMs: number },
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`it hung: ${what} was not done within ${withinMs} ms`));
      void node.kill();
    }, withinMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
