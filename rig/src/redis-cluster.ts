import { freePort } from "./free-port.ts";
import { answersOf } from "./redis-answers.ts";
import { startRedis } from "./redis-process.ts";
import type { RedisProcess } from "./redis-process.ts";
import { openSlotMove } from "./redis-slot-move.ts";
import type { SlotMove } from "./redis-slot-move.ts";
import { until } from "./until.ts";

/** Options of {@link startCluster}. */
export interface StartClusterOptions {
  /** How many primaries share the slots evenly. Default 3. */
  readonly shards?: number;
  /** Default 0. */
  readonly replicasPerShard?: number;
  /** Silence after which a node is held to be down, `cluster-node-timeout`. Default 1,000. */
  readonly nodeTimeoutMs?: number;
  /** Further arguments of every server. Default: no persistence at all. */
  readonly config?: readonly string[];
}

/** A server of a cluster. Restarted, it is a member again, and empty unless it follows somebody or `config` says to keep data. */
export interface ClusterNode extends RedisProcess {
  /** Its name in the cluster. */
  readonly id: string;
}

/** A cluster of real servers. */
export interface RedisCluster {
  readonly addresses: readonly { readonly host: string; readonly port: number }[];
  /** All servers, whatever they are now: first those that began as primaries, in the order of their slots. */
  readonly nodes: readonly ClusterNode[];
  /** The slot of a key. */
  slotOf(key: string): Promise<number>;
  /** The primary that most of the nodes say a slot belongs to, or the slot of a key; throws when no majority says the same. */
  ownerOf(keyOrSlot: string | number): Promise<ClusterNode>;
  /** The nodes that follow a primary. */
  replicasOf(primary: ClusterNode): Promise<readonly ClusterNode[]>;
  /**
   * Makes a replica the primary: without a mode in agreement with the primary and without loss, with `FORCE` without the primary,
   * with `TAKEOVER` without asking anybody. Resolves when a majority sees it so, and it takes writes.
   */
  failover(replica: ClusterNode, mode?: "FORCE" | "TAKEOVER"): Promise<void>;
  /** Resolves with the owner of a slot once that is another node than `former`. Fails after 15 s. */
  successorOf(former: ClusterNode, keyOrSlot: string | number): Promise<ClusterNode>;
  /** Moves a slot to another primary, step by step. Nothing has happened yet. */
  moveSlot(keyOrSlot: string | number, to: ClusterNode): Promise<SlotMove>;
  /** Resolves when every node that answers says that all slots are served. Fails after 15 s. */
  untilWhole(): Promise<void>;
  /** Ends all of them. Idempotent. */
  close(): Promise<void>;
}

const HOST = "127.0.0.1";
const SLOTS = 16_384;

/** Starts a cluster on free ports of the loopback address; about 2.5 s, most of which Redis waits before it trusts itself. */
export async function startCluster(options: StartClusterOptions = {}): Promise<RedisCluster> {
  const { shards = 3, replicasPerShard = 0 } = options;
  const count = shards * (1 + replicasPerShard);
  const members = await Promise.all(Array.from({ length: count }, () => startNode(options)));
  const nodes = members.map(({ node }) => node);
  const primaries = nodes.slice(0, shards);
  await Promise.all(primaries.map((node, shard) => assign(node, shard, shards)));
  // Everybody meets everybody: news that travels by gossip takes a second for each step.
  for (const { node } of members) {
    for (const other of members) {
      if (other.node !== node) {
        await node.call("CLUSTER", "MEET", HOST, `${other.node.port}`, `${other.busPort}`);
      }
    }
  }
  await until(() => everybodyKnows(nodes, count), {
    what: "the nodes know each other",
    withinMs: 15_000,
  });
  await Promise.all(
    nodes.slice(shards).map((node, at) => node.call("CLUSTER", "REPLICATE", primaries[at % shards]!.id)),
  );
  const cluster = createCluster(nodes);
  await cluster.untilWhole();
  await until(() => areFollowed(primaries, replicasPerShard), { what: "replicas follow", withinMs: 15_000 });
  return cluster;
}

/** What can be done with a cluster that runs. */
function createCluster(nodes: readonly ClusterNode[]): RedisCluster {
  const answering = <T>(ask: (node: ClusterNode) => Promise<T>) => answersOf(nodes, ask);

  const slotOf = async (key: string): Promise<number> => {
    const [slot] = await answering((node) => node.call("CLUSTER", "KEYSLOT", key));
    return slot as number;
  };

  const ownerOf = async (keyOrSlot: string | number): Promise<ClusterNode> => {
    const slot = typeof keyOrSlot === "number" ? keyOrSlot : await slotOf(keyOrSlot);
    const named = await answering((node) => ownerBy(node, slot));
    const owner = nodes.find(({ id }) => named.filter((one) => one === id).length * 2 > named.length);
    if (!owner) throw new Error(`the nodes do not agree on the owner of slot ${slot}: ${named.join(", ")}`);
    return owner;
  };

  const untilWhole = async (): Promise<void> => {
    const isWhole = async () => {
      const infos = await answering((node) => node.call("CLUSTER", "INFO"));
      return infos.length > 0 && infos.every((info) => String(info).includes("cluster_state:ok"));
    };
    await until(isWhole, { what: "every node serves the cluster", withinMs: 15_000 });
  };

  return {
    addresses: nodes.map(({ port }) => ({ host: HOST, port })),
    ...{ nodes, slotOf, ownerOf, untilWhole },
    async replicasOf(primary) {
      const replies = await answering((node) => node.call("CLUSTER", "REPLICAS", primary.id));
      const lines = (replies as readonly (readonly string[])[]).flat();
      return nodes.filter(({ id }) => lines.some((line) => line.startsWith(id)));
    },
    async failover(replica, mode) {
      await replica.call("CLUSTER", "FAILOVER", ...(mode ? [mode] : []));
      const isSeen = async () => {
        const seen = await answering((node) => node.call("CLUSTER", "NODES"));
        const line = new RegExp(`^${replica.id} \\S+ \\S*master`, "m");
        return seen.filter((text) => line.test(String(text))).length * 2 > nodes.length;
      };
      await until(isSeen, { what: "the replica is a primary", withinMs: 15_000 });
    },
    successorOf: (former, keyOrSlot) =>
      until(
        async () => {
          const now = await ownerOf(keyOrSlot);
          return now.id === former.id ? undefined : now;
        },
        { what: "the slot has another owner", withinMs: 15_000 },
      ),
    async moveSlot(keyOrSlot, to) {
      const slot = typeof keyOrSlot === "number" ? keyOrSlot : await slotOf(keyOrSlot);
      return openSlotMove({ slot, from: await ownerOf(slot), to, nodes });
    },
    untilWhole,
    async close() {
      await Promise.all(nodes.map((node) => node.close()));
    },
  };
}

async function startNode({ nodeTimeoutMs = 1_000, config = [] }: StartClusterOptions) {
  const busPort = await freePort();
  const redis = await startRedis({
    config: [
      ...["--cluster-enabled", "yes", "--cluster-port", `${busPort}`],
      ...["--cluster-node-timeout", `${nodeTimeoutMs}`, "--cluster-replica-validity-factor", "0"],
      ...[
        "--repl-diskless-sync",
        "yes",
        "--repl-diskless-sync-delay",
        "0",
        "--repl-ping-replica-period",
        "1",
      ],
      ...config,
    ],
  });
  const node: ClusterNode = { ...redis, id: String(await redis.call("CLUSTER", "MYID")) };
  return { node, busPort };
}

/** Gives a primary its share of the slots, and an epoch of its own, so that there is nothing to settle later. */
async function assign(node: ClusterNode, shard: number, shards: number): Promise<void> {
  const start = Math.floor((SLOTS * shard) / shards);
  const end = Math.floor((SLOTS * (shard + 1)) / shards) - 1;
  await node.call("CLUSTER", "SET-CONFIG-EPOCH", `${shard + 1}`);
  await node.call("CLUSTER", "ADDSLOTSRANGE", `${start}`, `${end}`);
}

async function everybodyKnows(nodes: readonly ClusterNode[], count: number): Promise<boolean> {
  const seen = await Promise.all(nodes.map((node) => node.call("CLUSTER", "NODES")));
  return seen.every((text) => {
    const lines = String(text).trim().split("\n");
    return lines.length === count && lines.every((line) => /connected/.test(line) && !/handshake/.test(line));
  });
}

async function areFollowed(primaries: readonly ClusterNode[], replicas: number): Promise<boolean> {
  const infos = await Promise.all(primaries.map((node) => node.call("INFO", "replication")));
  return infos.every((info) => (String(info).match(/state=online/g)?.length ?? 0) === replicas);
}

/** The id of the node that owns a slot, as one node sees it. */
async function ownerBy(node: ClusterNode, slot: number): Promise<string | undefined> {
  const ranges = (await node.call("CLUSTER", "SLOTS")) as readonly (readonly unknown[])[];
  const range = ranges.find(([start, end]) => (start as number) <= slot && slot <= (end as number));
  return range && String((range[2] as readonly unknown[])[2]);
}
