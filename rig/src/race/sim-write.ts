import type { WriteRecord } from "./history.ts";
import { read } from "./sim-read.ts";
import type { SimNode, World } from "./sim-world.ts";

const AGAIN_MS = 200;

/** Writes a row, and tells of it in one of the ways there are. */
export async function write(world: World): Promise<void> {
  const { random, features, nodes, origin } = world;
  const isAgain = features.has("again");
  if (!isAgain && features.has("set") && random.integer(3) === 0) return writeSlot(world, random.pick(nodes));
  const node = random.pick(nodes);
  const row = random.pick(["1", "2"]);
  const version = origin.write(row);
  if (!isAgain && features.has("delete") && random.integer(3) === 0) {
    const key = row === "1" ? random.pick(["row:1", "list:all"]) : random.pick(["list:second", "list:all"]);
    await node.live.cache.delete(key);
    return noteVoided(world, node, { row, version, keys: [key] });
  }
  if (!isAgain && features.has("pattern") && random.integer(3) === 0) {
    await node.live.cache.deletePattern("list:*");
    return noteVoided(world, node, { row, version, keys: ["list:all", "list:second"] });
  }
  return change(world, node, { row, version });
}

/** Whether the ground took it is not told by what voids keys; without faults it has. */
function noteVoided(
  { features, writes, instant }: World,
  node: SimNode,
  what: { readonly row: string; readonly version: number; readonly keys: readonly string[] },
): void {
  const told = instant();
  const isSure = !features.has("loss") && !features.has("away");
  const toldWhere = isSure ? { toldAtMs: told } : { toldHereAtMs: told };
  writes.push({ ...what, ...toldWhere, node: node.name, mode: "purge", applied: false });
}

async function change(
  world: World,
  node: SimNode,
  { row, version }: { readonly row: string; readonly version: number },
): Promise<void> {
  const { random, features, writes, instant, awaited } = world;
  const isAgain = features.has("again");
  const wantsApplied = !isAgain && random.integer(3) === 0;
  const mode: WriteRecord["mode"] = features.has("soft") && random.integer(2) === 0 ? "stale" : "purge";
  const what = { row, version, node: node.name, mode };
  if (isAgain) awaited.push(what);
  const result = await node.live.change({
    tags: features.has("late-tags") ? [`row:${row}`, `late:${row}`] : [`row:${row}`],
    emit: [node.live.event("rows/:row", { row }, "moved", { row, version, mode })],
    mode,
    ...(wantsApplied ? { wait: "applied" } : {}),
    ...(isAgain ? { delayedAgain: `${AGAIN_MS}ms` } : {}),
  });
  if (isAgain) return;
  const told = instant();
  if (result.pending) {
    writes.push({ ...what, toldHereAtMs: told, applied: false });
    return;
  }
  writes.push({ ...what, toldAtMs: told, applied: wantsApplied });
  if (random.integer(2) === 0) {
    const after = { row, version, mode, fenced: true };
    await read(world, { node: random.pick(world.nodes), after, fence: result.position });
  }
}

/** Writes the row behind the slot, and puts its value there, or has it forgotten; one after the other. */
function writeSlot(world: World, node: SimNode): Promise<void> {
  const turn = world.settled.then(() => takeTurn(world, node));
  world.settled = turn;
  return turn;
}

async function takeTurn(world: World, node: SimNode): Promise<void> {
  const { random, features, origin, stored, ttlMs, instant, clock } = world;
  const version = origin.write("s");
  const tags = features.has("late-tags") ? ["row:s", "late:s"] : ["row:s"];
  const what = { row: "s", version, node: node.name, mode: "purge", applied: false } as const;
  if (random.integer(2) === 0) {
    const { pending } = await node.live.change({ tags });
    world.writes.push({ ...what, ...(pending ? { toldHereAtMs: instant() } : { toldAtMs: instant() }) });
    return;
  }
  const id = stored.size + 1;
  const times = { byMs: Number.POSITIVE_INFINITY, ttlMs };
  stored.set(id, times);
  try {
    const value = { id, versions: { s: version } };
    await node.live.cache.set("slot:s", value, { ttl: `${ttlMs}ms`, tags });
    world.writes.push({ ...what, toldAtMs: instant() });
  } catch {
    // The ground was away: whether anybody was told is not known.
  }
  times.byMs = clock.now() + 81;
}
