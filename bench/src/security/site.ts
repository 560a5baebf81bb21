import { startNode, startRedis } from "@livecache/rig";
import type { NodeProcess, RedisProcess } from "@livecache/rig";
import { reasonOf } from "../measure/contest.ts";
import type { Failure } from "../measure/figure.ts";
import { callsOf } from "../node/calls.ts";
import type { Calls } from "../node/calls.ts";
import type { Area, ActsOf } from "./security-node.ts";

/** One contestant that runs: its processes, and a Redis that nobody else uses. */
export interface Site<A extends Area> {
  readonly name: string;
  readonly redis: RedisProcess;
  readonly nodes: readonly [Calls<ActsOf<A>>, ...Calls<ActsOf<A>>[]];
  /** Starts another process of it. */
  addNode(): Promise<Calls<ActsOf<A>>>;
  close(): Promise<void>;
}

/** Who is wanted, and how. */
export interface SitePlan<A extends Area> {
  readonly area: A;
  /** Processes at the start. Default 1. */
  readonly processes?: number;
}

/** Starts a contestant with a Redis of its own. */
async function openSite<A extends Area>(
  name: string,
  { area, processes = 1 }: SitePlan<A>,
): Promise<Site<A>> {
  const redis = await startRedis();
  const started: NodeProcess[] = [];

  async function addNode(): Promise<Calls<ActsOf<A>>> {
    const node = await startNode(new URL("./security-node.js", import.meta.url), { args: [area] });
    started.push(node);
    const calls = callsOf<ActsOf<A>>(node);
    await (calls as unknown as Calls<{ open: (name: string, redisUrl: string) => void }>).open(
      name,
      redis.url,
    );
    return calls;
  }

  async function close(): Promise<void> {
    await Promise.all(started.map((node) => node.kill()));
    await redis.close();
  }

  try {
    const nodes = await Promise.all(Array.from({ length: processes }, addNode));
    return { name, redis, nodes: nodes as unknown as Site<A>["nodes"], addNode, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Opens a contestant for one piece of work, and closes it whatever comes of that. */
export async function inSite<A extends Area, T>(
  name: string,
  plan: SitePlan<A>,
  work: (site: Site<A>) => Promise<T>,
): Promise<T> {
  const site = await openSite(name, plan);
  return work(site).finally(() => site.close());
}

/** Several contestants that run beside each other, and why others do not. */
export interface Sites<A extends Area> {
  readonly open: readonly Site<A>[];
  readonly failures: readonly Failure[];
  close(): Promise<void>;
}

/** Starts contestants and prepares each. One that fails is reported, and the others go on. */
export async function openSites<A extends Area>(
  names: readonly string[],
  plan: SitePlan<A> & {
    readonly inCase: string;
    readonly prepare?: (site: Site<A>) => Promise<unknown>;
  },
): Promise<Sites<A>> {
  const open: Site<A>[] = [];
  const failures: Failure[] = [];
  for (const name of names) {
    let site: Site<A> | undefined;
    try {
      site = await openSite(name, plan);
      await plan.prepare?.(site);
      open.push(site);
    } catch (error) {
      failures.push({ case: plan.inCase, contestant: name, why: reasonOf(error) });
      await site?.close();
    }
  }
  return {
    open,
    failures,
    close: async () => void (await Promise.all(open.map((site) => site.close()))),
  };
}
