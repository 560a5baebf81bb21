import { startNode, startRedis } from "@livecache/rig";
import type { NodeProcess, RedisProcess } from "@livecache/rig";
import { callsOf } from "../node/calls.ts";
import type { Calls } from "../node/calls.ts";
import type { createLoadActs, LoadPlan } from "./load/load-acts.ts";
import type { createServerActs } from "./server/server-acts.ts";
import { contestantOf } from "./sites/roster.ts";
import type { ContestantName } from "./sites/roster.ts";

/** One node of a contestant. */
export interface ServerNode extends Calls<ReturnType<typeof createServerActs>> {
  readonly port: number;
  /** SIGKILL. */
  kill(): Promise<void>;
}

/** One contestant that runs: its nodes, a Redis of its own, and its clients in a process of theirs. */
export interface Arena {
  readonly contestant: ContestantName;
  readonly redis: RedisProcess;
  readonly nodes: readonly [ServerNode, ...ServerNode[]];
  readonly ports: readonly number[];
  readonly load: Calls<ReturnType<typeof createLoadActs>>;
  /** Connects clients, spread over the nodes unless `ports` says where to. */
  connect(
    plan: Omit<LoadPlan, "ports" | "dialect" | "hasPlaces"> & { readonly ports?: readonly number[] },
  ): Promise<void>;
  /** Starts another node, on a port if it must be that one. */
  addNode(port?: number): Promise<ServerNode>;
}

/** How an arena is opened. */
export interface ArenaSetting {
  readonly contestant: ContestantName;
  /** How many nodes; a contestant whose nodes do not know of each other has one. Default 2. */
  readonly nodes?: number;
  readonly resumes?: boolean;
  readonly loadMs?: number;
}

/** Opens an arena for one piece of work, and closes it whatever comes of that. */
export async function inArena<T>(setting: ArenaSetting, work: (arena: Arena) => Promise<T>): Promise<T> {
  const { contestant, resumes = false, loadMs = 50 } = setting;
  const { dialect, isAlone = false } = contestantOf(contestant);
  const redis = await startRedis();
  const processes: NodeProcess[] = [];

  async function addNode(port = 0): Promise<ServerNode> {
    const node = await startNode(new URL("./server/server-node.js", import.meta.url));
    processes.push(node);
    const calls = callsOf<ReturnType<typeof createServerActs>>(node);
    const opened = await calls.open(contestant, { redisUrl: redis.url, port, resumes, loadMs });
    return Object.assign(calls, { port: opened, kill: () => node.kill() });
  }

  try {
    const count = isAlone ? 1 : (setting.nodes ?? 2);
    const [loadNode, ...nodes] = await Promise.all([
      startNode(new URL("./load/load-node.js", import.meta.url)),
      ...Array.from({ length: count }, () => addNode()),
    ]);
    processes.push(loadNode);
    const load = callsOf<ReturnType<typeof createLoadActs>>(loadNode);
    const ports = nodes.map(({ port }) => port);
    return await work({
      contestant,
      redis,
      nodes: nodes as unknown as Arena["nodes"],
      ports,
      load,
      connect: (plan) =>
        load.open({ ports, dialect, hasPlaces: contestant.startsWith("livecache"), resumes, ...plan }),
      addNode,
    });
  } finally {
    // Nothing of an arena is needed any more, and saying goodbye to thousands of sockets takes long.
    await Promise.all(processes.map((one) => one.kill()));
    await redis.close();
  }
}
