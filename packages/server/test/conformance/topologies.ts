import { readFile } from "node:fs/promises";
import { startCluster, startSentinels } from "@livecache/rig";
import type { RedisCluster, RedisSentinels } from "@livecache/rig";
import { createCluster } from "redis";
import { randomWord } from "../../src/base/ids.ts";
import type { ConformanceGround } from "../../src/conformance/suites.ts";
import { openRedis } from "../../src/redis/open.ts";
import type { RedisAddress } from "../../src/redis/open.ts";
import { inspectorOf, openInspector } from "./inspector.ts";
import type { Inspector } from "./inspector.ts";
import { PATIENT, underTest } from "./redis-ground.ts";

/** Servers that the tests of a file share. */
export interface Servers {
  readonly address: RedisAddress;
  readonly inspector: Inspector;
  close(): Promise<void>;
}

/** A primary, two replicas and three Sentinels. */
export async function startUnderSentinels(): Promise<Servers & { readonly rig: RedisSentinels }> {
  const rig = await startSentinels();
  const inspector = await openInspector((await rig.primary()).url);
  return {
    rig,
    address: { sentinels: rig.addresses, name: rig.name },
    inspector,
    async close() {
      inspector.close();
      await rig.close();
    },
  };
}

/** The access list that the page of keys gives, for every prefix that a test uses. */
async function documentedUser(): Promise<readonly string[]> {
  const page = await readFile(new URL("../../../../docs/reference/keys.md", import.meta.url), "utf8");
  return /^user (.+)$/m.exec(page)![1]!.replaceAll("lc:*", "t*:*").split(" ");
}

/** Three primaries without replicas. Grounds come as the user whom the page of keys describes, and may do nothing else. */
export async function startAsCluster(): Promise<Servers & { readonly rig: RedisCluster }> {
  const rig = await startCluster({ shards: 3, config: ["--user", ...(await documentedUser())] });
  const inspector = await inspectCluster(rig);
  return {
    rig,
    // One is enough: it tells of the others.
    address: { cluster: [rig.addresses[1]!], username: "livecache", password: "password" },
    inspector,
    async close() {
      inspector.close();
      await rig.close();
    },
  };
}

async function inspectCluster({ nodes }: RedisCluster): Promise<Inspector> {
  const cluster = createCluster({ rootNodes: nodes.map(({ url }) => ({ url })), RESP: 3 });
  cluster.on("error", () => undefined);
  await cluster.connect();
  // It has the same commands, and finds the node of a key by itself.
  const client = cluster as unknown as Inspector["client"];
  const perNode = await Promise.all(nodes.map(({ url }) => openInspector(url)));
  return inspectorOf({
    client,
    keys: async (prefix) => (await Promise.all(perNode.map((node) => node.keys(prefix)))).flat(),
    close() {
      for (const node of perNode) node.close();
      cluster.destroy();
    },
  });
}

/** Opens a ground under test in such servers, under a prefix that no other test uses. */
export async function openIn({ address, inspector }: Servers): Promise<ConformanceGround> {
  const prefix = `t${randomWord(8)}`;
  const ground = await openRedis(address, { ...PATIENT, prefix, connectTimeout: "20s" });
  return underTest(ground, { prefix, inspector });
}
