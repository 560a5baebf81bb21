import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openEntrants } from "../cache/entrants.ts";
import { openServer } from "../cache/route.ts";
import { underLoad } from "../node/load.ts";
import type { OpenSetting } from "../node/cell.ts";
import type { ReadPlan } from "../node/timed.ts";
import { inArena } from "../realtime/arena.ts";
import type { RouteName } from "../routes/roster.ts";
import { profileText } from "./summary.ts";
import type { CpuProfile } from "./summary.ts";

/** The top of one profile, as it is written. */
export interface ProfileFile {
  readonly name: string;
  readonly text: string;
}

/** Hits that are profiled. */
interface HitCase {
  readonly name: string;
  readonly title: string;
  readonly act: "hits" | "latencies";
  readonly tier: OpenSetting["tier"];
  readonly plan: ReadPlan;
}

const MS = 2_000;
const HITS: readonly HitCase[] = [
  {
    name: "l1-hit",
    title: "Hits in memory: 1 KB, 2 tags, one at a time",
    act: "hits",
    tier: "both",
    plan: { keys: 1, ms: MS },
  },
  {
    name: "l2-hit-1",
    title: "Hits in Redis: 1 KB, 2 tags, one at a time",
    act: "latencies",
    tier: "far",
    plan: { keys: 2_000, ms: MS, concurrency: 1 },
  },
  {
    name: "l2-hit-64",
    title: "Hits in Redis: 1 KB, 2 tags, 64 at a time",
    act: "latencies",
    tier: "far",
    plan: { keys: 2_000, ms: MS, concurrency: 64 },
  },
];

const ROUTES: readonly { readonly name: string; readonly route: RouteName }[] = [
  { name: "express-hit", route: "livecache in Express" },
  { name: "lane-hit", route: "livecache in the fast lane" },
];

async function profileHit({ name, title, act, tier, plan }: HitCase): Promise<ProfileFile> {
  const tags = ["tag:0", "tag:1"];
  const common = { tags, entries: plan.keys, valueBytes: 1_024, inCase: name } as const;
  const { entered, failures, close } = await openEntrants([{ name: "livecache", tier }], { ...common, tier });
  const node = entered[0]?.nodes[0];
  if (!node) throw new Error(`profile ${name}: ${failures[0]?.why}`);
  await node.call("fill", 0, plan.keys);
  await node.call(act, { ...plan, ms: 500 });
  await node.call("profileStart");
  const { perSecond } = await node.call(act, plan);
  const profile = await node.call("profileStop");
  await close();
  return { name, text: profileText(`${title}: ${Math.round(perSecond)} a second while profiled`, profile) };
}

async function profileRoute(name: string, route: RouteName): Promise<ProfileFile> {
  const { url, node, redis } = await openServer(route);
  await underLoad(url, { ms: 500, connections: 64 });
  await node.call("profileStart");
  const { rps } = await underLoad(url, { ms: MS, connections: 64 });
  const profile = (await node.call("profileStop")) as CpuProfile;
  await node.close();
  await redis.close();
  return {
    name,
    text: profileText(
      `Route of 5 KB, ${route}: ${Math.round(rps)} requests a second while profiled`,
      profile,
    ),
  };
}

const SOCKETS = 2_000;
const EVENTS = 60;
const EVENTS_PER_SECOND = 10;

/** One event to many sockets, on the node that publishes it. */
async function profileFanOut(): Promise<ProfileFile> {
  return inArena({ contestant: "livecache" }, async ({ connect, load, nodes: [node] }) => {
    await connect({ clients: SOCKETS, rooms: [{ kind: "room", members: SOCKETS }] });
    const common = { kind: "room", rooms: 1, padBytes: 180, perSecond: EVENTS_PER_SECOND } as const;
    await node.publish({ ...common, from: 1, events: 5 });
    await load.begin();
    await node.profileStart();
    await node.begin();
    await node.publish({ ...common, from: 6, events: EVENTS });
    const { received } = await load.arrived(EVENTS * SOCKETS, 30_000);
    const { cpuUs } = await node.used();
    const profile = await node.profileStop();
    const each = (cpuUs / (received / 2)).toFixed(1);
    const title = `One event to ${SOCKETS} sockets over 2 nodes: ${each} µs a delivery on the publishing node while profiled`;
    return { name: "fan-out", text: profileText(title, profile) };
  });
}

/** Profiles the hits and the deliveries of Livecache, and writes the top of each as `bench/results/profile-<name>.txt` below `root`. */
export async function profileAll(root: string): Promise<readonly ProfileFile[]> {
  const files: ProfileFile[] = [];
  for (const hit of HITS) files.push(await profileHit(hit));
  for (const { name, route } of ROUTES) files.push(await profileRoute(name, route));
  files.push(await profileFanOut());
  await mkdir(join(root, "bench/results"), { recursive: true });
  for (const { name, text } of files) await writeFile(join(root, `bench/results/profile-${name}.txt`), text);
  return files;
}
