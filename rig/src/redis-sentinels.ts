import { freePort } from "./free-port.ts";
import { answersOf } from "./redis-answers.ts";
import { startRedis } from "./redis-process.ts";
import type { RedisProcess } from "./redis-process.ts";
import type { RedisReply } from "./redis-reply.ts";
import { until } from "./until.ts";

/** Options of {@link startSentinels}. */
export interface StartSentinelsOptions {
  /** Further arguments of the three servers, such as `["--appendonly", "yes"]`. Default: no persistence at all. */
  readonly config?: readonly string[];
  /** Silence after which the first Sentinel begins a failover, for which the others vote. Default 500. */
  readonly downAfterMs?: number;
}

/** A primary, two replicas, and three Sentinels that watch them. */
export interface RedisSentinels {
  /** The name under which the Sentinels know the primary. */
  readonly name: string;
  /** Where the Sentinels listen. */
  readonly addresses: readonly { readonly host: string; readonly port: number }[];
  /** The three Sentinels. */
  readonly sentinels: readonly RedisProcess[];
  /** The three servers, whatever they are now; the first one began as the primary. */
  readonly servers: readonly RedisProcess[];
  /** The server that a majority of the Sentinels calls the primary; throws when no majority does. */
  primary(): Promise<RedisProcess>;
  /** The servers that are not the primary. */
  replicas(): Promise<readonly RedisProcess[]>;
  /** Orders a failover. Resolves with the new primary, once a majority calls it that and it takes writes. */
  failover(): Promise<RedisProcess>;
  /** Resolves with the primary once that is another server than `former`, and it takes writes. Fails after 15 s. */
  successorOf(former: RedisProcess): Promise<RedisProcess>;
  /**
   * Nothing reaches a replica of the primary from now on, while both stay up: what the primary acknowledges is lost in a
   * failover. A Sentinel makes such a replica the primary within the next ten `downAfterMs`, not later.
   */
  lag(): Promise<void>;
  /** Ends {@link RedisSentinels.lag} of the present primary. Resolves when its replicas follow it again. */
  catchUp(): Promise<void>;
  /** Ends all of them. Idempotent. */
  close(): Promise<void>;
}

/** As whom replicas come to their primary, so that one can shut them out and leave everybody else in. */
const REPLICATOR = "replicator";
const NAME = "primary";
const HOST = "127.0.0.1";
/** The Sentinels' habits, in milliseconds, where they let us: by default a failover takes many seconds. */
const HASTE = ["INFO-PERIOD", "200", "PUBLISH-PERIOD", "200", "PING-PERIOD", "400", "ASK-PERIOD", "100"];
/** Each next Sentinel waits this much longer, and one is enough to begin: three that begin at once vote for themselves. */
const SENTINEL_STEP_MS = 1_000;
/** After this long, another Sentinel tries; then, a failover that did not come about ends. */
const FAILOVER_TIMEOUT_MS = 1_000;

/** Starts all that on free ports of the loopback address. It is whole once this resolves, in about a second. */
export async function startSentinels(options: StartSentinelsOptions = {}): Promise<RedisSentinels> {
  const { config = [], downAfterMs = 500 } = options;
  const servers = await startServers(config);
  const sentinels = await startWatchers(
    servers.map(({ port }) => port),
    downAfterMs,
  );

  async function primary(): Promise<RedisProcess> {
    const named = await answersOf(sentinels, primaryPort);
    const elected = servers.find(({ port }) => named.filter((one) => one === port).length >= 2);
    if (!elected) throw new Error(`the Sentinels do not agree on a primary: ${named.join(", ")}`);
    return elected;
  }

  function successorOf(former: RedisProcess): Promise<RedisProcess> {
    const find = async () => {
      const now = await primary();
      return now !== former && (await isTakingWrites(now)) ? now : undefined;
    };
    return until(find, { what: "another server is the primary", withinMs: 15_000 });
  }

  const replicas = async (): Promise<readonly RedisProcess[]> => {
    const now = await primary();
    return servers.filter((one) => one !== now);
  };
  const site: RedisSentinels = {
    name: NAME,
    addresses: sentinels.map(({ port }) => ({ host: HOST, port })),
    ...{ sentinels, servers, primary, replicas, successorOf },
    async failover() {
      const former = await primary();
      // A Sentinel that has just found its replicas, or is at work, refuses.
      await until(() => sentinels[0]!.call("SENTINEL", "FAILOVER", NAME), {
        what: "a Sentinel begins the failover",
        withinMs: 10_000,
      });
      return successorOf(former);
    },
    async lag() {
      const now = await primary();
      await untilFollowed(now, await replicas());
      await now.call("ACL", "SETUSER", REPLICATOR, "off");
      await now.call("CLIENT", "KILL", "USER", REPLICATOR);
      await until(async () => (await following(now)) === 0, { what: "no replica follows", withinMs: 5_000 });
    },
    async catchUp() {
      const now = await primary();
      await now.call("ACL", "SETUSER", REPLICATOR, "on");
      await untilFollowed(now, await replicas());
    },
    async close() {
      await Promise.all([...sentinels, ...servers].map((one) => one.close()));
    },
  };
  await until(() => isWhole(site), { what: "the Sentinels know everybody", withinMs: 15_000 });
  return site;
}

async function startServers(config: readonly string[]): Promise<readonly RedisProcess[]> {
  const own = [
    ...["--user", REPLICATOR, "on", ">replicate", "~*", "&*", "+psync", "+replconf", "+ping"],
    ...["--masteruser", REPLICATOR, "--masterauth", "replicate"],
    // From a disk: over a socket, a replica gets nothing more for up to a second.
    ...["--repl-diskless-sync", "no"],
  ];
  const first = await startRedis({ config: [...own, ...config] });
  const follow = ["--replicaof", HOST, `${first.port}`];
  const others = await Promise.all([1, 2].map(() => startRedis({ config: [...own, ...follow, ...config] })));
  await untilFollowed(first, others);
  return [first, ...others];
}

/** The Sentinels are told of each other and of the replicas in their files: finding out takes them seconds. */
async function startWatchers(
  servers: readonly number[],
  downAfterMs: number,
): Promise<readonly RedisProcess[]> {
  const ports = [await freePort(), await freePort(), await freePort()];
  const id = (port: number): string => `${port}`.padStart(40, "0");
  const start = async (port: number, rank: number): Promise<RedisProcess> => {
    const lines = [
      `sentinel myid ${id(port)}`,
      `sentinel monitor ${NAME} ${HOST} ${servers[0]} 1`,
      `sentinel down-after-milliseconds ${NAME} ${downAfterMs + rank * SENTINEL_STEP_MS}`,
      `sentinel failover-timeout ${NAME} ${FAILOVER_TIMEOUT_MS}`,
      `sentinel parallel-syncs ${NAME} 2`,
      ...servers.slice(1).map((one) => `sentinel known-replica ${NAME} ${HOST} ${one}`),
      ...ports.flatMap((one) =>
        one === port ? [] : `sentinel known-sentinel ${NAME} ${HOST} ${one} ${id(one)}`,
      ),
    ];
    const sentinel = await startRedis({ port, configFile: `${lines.join("\n")}\n`, config: ["--sentinel"] });
    await sentinel.call("SENTINEL", "DEBUG", ...HASTE).catch(() => undefined);
    return sentinel;
  };
  return Promise.all(ports.map(start));
}

async function primaryPort(sentinel: RedisProcess): Promise<number> {
  const address = await sentinel.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME);
  return Number((address as readonly string[])[1]);
}

async function isTakingWrites(server: RedisProcess): Promise<boolean> {
  const role = await server.call("ROLE");
  return (role as readonly string[])[0] === "master";
}

/** How many replicas are in step with a server. */
async function following(server: RedisProcess): Promise<number> {
  const info = String(await server.call("INFO", "replication"));
  return info.match(/state=online/g)?.length ?? 0;
}

function offsetOf(text: RedisReply, field: string): number {
  return Number(new RegExp(`${field}[=:](\\d+)`).exec(String(text))?.[1] ?? 0);
}

/** Until all replicas have what the primary has now. */
async function untilFollowed(primary: RedisProcess, replicas: readonly RedisProcess[]): Promise<void> {
  const hasAll = async (replica: RedisProcess, end: number): Promise<boolean> => {
    const info = await replica.call("INFO", "replication");
    return String(info).includes("master_link_status:up") && offsetOf(info, "slave_repl_offset") >= end;
  };
  const areInStep = async (): Promise<boolean> => {
    // Something that travels to replicas and changes nothing: a primary that nobody wrote to says nothing.
    await primary.call("PUBLISH", "rig", "in step");
    const end = offsetOf(await primary.call("INFO", "replication"), "master_repl_offset");
    const are = await Promise.all(replicas.map((replica) => until(() => hasAll(replica, end), soon)));
    return are.every(Boolean);
  };
  const soon = { what: "a replica is in step", withinMs: 1_000 };
  await until(areInStep, { what: "the replicas follow", withinMs: 15_000 });
}

/** Whether each Sentinel holds the primary, both replicas and the other two to be up. */
async function isWhole({ sentinels }: RedisSentinels): Promise<boolean> {
  const answers = await Promise.all(
    sentinels.map(async (one) => {
      const told = (await one.call("SENTINEL", "MASTER", NAME)) as readonly string[];
      const valueOf = (field: string): string => told[told.indexOf(field) + 1] ?? "";
      const replicas = (await one.call("SENTINEL", "REPLICAS", NAME)) as readonly (readonly string[])[];
      return (
        valueOf("flags") === "master" &&
        valueOf("num-slaves") === "2" &&
        valueOf("num-other-sentinels") === "2" &&
        replicas.every((replica) => replica[replica.indexOf("flags") + 1] === "slave") &&
        replicas.every((replica) => replica[replica.indexOf("master-link-status") + 1] === "ok")
      );
    }),
  );
  return answers.every(Boolean);
}
