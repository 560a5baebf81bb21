import { LEFT_TTL_MS, REGION_TTL_MS } from "../ports/region-store.ts";
import type {
  CellMembers,
  FoundMember,
  RegionLease,
  RegionLeaseReply,
  RegionMember,
  RegionMove,
  RegionMoved,
  RegionReaped,
  RegionStore,
} from "../ports/region-store.ts";
import { damaged } from "./failure.ts";
import type { Keyspace } from "./keyspace.ts";
import { runScript } from "./run-script.ts";
import type { ScriptCall } from "./run-script.ts";
import type { Send } from "./wire.ts";

/** How long a silent node is named to nobody else. */
const CLAIM_MS = 1_000;

/** How many members of a dead node are removed for one call. */
const REAPED_AT_ONCE = 200;

/** How often a move is made again because the member was not where the mover believed. Each time something else has moved it meanwhile. */
const ATTEMPTS = 4;

/** Makes the region store of one realm, in Redis. */
export function createRedisRegionStore(parts: {
  readonly keyspace: Keyspace;
  readonly send: Send;
}): RegionStore {
  const { keyspace, send } = parts;
  return {
    renew: (lease) => renew(parts, lease),
    move: (move) => moveMember(parts, move),
    reap: (node) => reap(parts, node),
    async retire(node) {
      await endLife(parts, node, "1");
    },
    members: (cells, limit) => readMembers(parts, cells, limit),
    async count(prefixes) {
      return Promise.all(prefixes.map((prefix) => countOf(parts, prefix)));
    },
    async counts(prefixes) {
      const counted = prefixes.map(async (prefix) => {
        const counts = await readCounts(parts, prefix);
        return counts.map(([letter, count]) => [prefix + letter, count] as const);
      });
      return new Map((await Promise.all(counted)).flat());
    },
    async find(connection) {
      const nodes = await runScript(send, "regionNodes", { keys: [keyspace.regionNodes] });
      return findAmong(parts, nodes as readonly string[], connection);
    },
  };
}

/** What the functions below are given. */
interface Parts {
  readonly keyspace: Keyspace;
  readonly send: Send;
}

async function renew(
  { keyspace, send }: Parts,
  { node, leaseMs, begins }: RegionLease,
): Promise<RegionLeaseReply> {
  const reply = (await runScript(send, "regionLease", {
    keys: [keyspace.regionNodes, keyspace.places(node), keyspace.regionClaim],
    args: [node, leaseMs, begins ? "1" : "", REGION_TTL_MS, CLAIM_MS],
  })) as readonly [number, string];
  if (!Array.isArray(reply)) throw damaged("regionLease", reply);
  return { kept: reply[0] === 1, silent: reply[1] || undefined };
}

async function moveMember({ keyspace, send }: Parts, move: RegionMove): Promise<RegionMoved> {
  let from = move.from ?? "";
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const reply = await runScript(send, "regionMove", moveCall(keyspace, { ...move, from }));
    if (reply === "moved" || reply === "late" || reply === "ended") return reply;
    const [word, cell] = reply as readonly [string, string];
    if (word !== "elsewhere") throw damaged("regionMove", reply);
    from = cell;
  }
  return "late";
}

/** A move, or the removal of a member whose node is dead: that has no sequence. */
interface MoveCall extends Pick<RegionMove, "member" | "to" | "userId"> {
  readonly from: string;
  readonly sequence: number | "";
}

function moveCall(
  keyspace: Keyspace,
  { member, from, to = "", sequence, userId = "" }: MoveCall,
): ScriptCall {
  const { node, connection } = member;
  const leaves = from === to ? [] : changedPrefixes(from, to);
  const comes = changedPrefixes(to, from === to ? "" : from);
  return {
    keys: [
      ...[keyspace.regionNodes, keyspace.places(node), keyspace.departed(`${node}:${connection}`)],
      ...[keyspace.cellMembers(from), keyspace.cellMembers(to)],
      ...leaves.map(keyspace.cellCounts),
      ...comes.map(keyspace.cellCounts),
    ],
    args: [node, connection, from, to, sequence, userId, REGION_TTL_MS, LEFT_TTL_MS, leaves.length],
  };
}

/** The prefixes of a cell, longest first, whose parts are counted otherwise when somebody goes to or comes from `other`. */
function changedPrefixes(cell: string, other: string): readonly string[] {
  const prefixes: string[] = [];
  for (let length = cell.length - 1; length >= 0; length--) {
    prefixes.push(cell.slice(0, length));
    if (other !== "" && other.startsWith(cell.slice(0, length))) break;
  }
  return prefixes;
}

async function endLife({ keyspace, send }: Parts, node: string, own: "1" | ""): Promise<RegionReaped> {
  const keys = [keyspace.regionNodes, keyspace.places(node)];
  const reply = await runScript(send, "regionEnd", { keys, args: [node, own] });
  if (reply === "gone" || reply === "left" || reply === "lives") return reply;
  throw damaged("regionEnd", reply);
}

async function reap(parts: Parts, node: string): Promise<RegionReaped> {
  const { keyspace, send } = parts;
  const state = await endLife(parts, node, "");
  if (state !== "left") return state;
  const count = String(REAPED_AT_ONCE);
  const reply = await send(["HRANDFIELD", keyspace.places(node), count, "WITHVALUES"]);
  const places = pairsOf(reply);
  await Promise.all(
    places.map(([connection, place]) => {
      const member = { node, connection };
      const from = place.split(" ", 2)[1] ?? "";
      const gone = { member, from, to: undefined, sequence: "", userId: undefined } as const;
      return runScript(send, "regionMove", moveCall(keyspace, gone));
    }),
  );
  return endLife(parts, node, "");
}

async function readMembers(
  { keyspace, send }: Parts,
  cells: readonly string[],
  limit: number,
): Promise<readonly CellMembers[]> {
  const reply = (await runScript(send, "regionMembers", {
    keys: [keyspace.regionNodes, ...cells.map(keyspace.cellMembers)],
    args: [limit],
  })) as readonly (readonly [number, ...string[]])[];
  if (!Array.isArray(reply)) throw damaged("regionMembers", reply);
  return cells.map((cell, index) => {
    const [more, ...found] = reply[index]!;
    const members = pairsOf(found).map(([member, userId]) => readMember(member, userId));
    return { cell, members, truncated: more === 1 };
  });
}

function readMember(text: string, userId: string): FoundMember {
  const at = text.indexOf(":");
  const member: RegionMember = { node: text.slice(0, at), connection: text.slice(at + 1) };
  return { node: member.node, connection: member.connection, userId: userId || undefined };
}

async function countOf(parts: Parts, prefix: string): Promise<number> {
  if (prefix === "") return (await readCounts(parts, "")).reduce((sum, [, count]) => sum + count, 0);
  const { keyspace, send } = parts;
  return Number((await send(["HGET", keyspace.cellCounts(prefix.slice(0, -1)), prefix.slice(-1)])) ?? 0);
}

async function readCounts({ keyspace, send }: Parts, prefix: string): Promise<readonly [string, number][]> {
  const pairs = pairsOf(await send(["HGETALL", keyspace.cellCounts(prefix)]));
  return pairs.map(([letter, count]) => [letter, Number(count)]);
}

async function findAmong(
  { keyspace, send }: Parts,
  nodes: readonly string[],
  connection: string,
): Promise<string | undefined> {
  const places = await Promise.all(nodes.map((node) => send(["HGET", keyspace.places(node), connection])));
  const found = nodes.find((_, index) => typeof places[index] === "string");
  return found === undefined ? undefined : String(places[nodes.indexOf(found)]).split(" ", 2)[1];
}

/** Pairs, as Redis answers them: a map, a flat list, or a list of pairs. */
function pairsOf(reply: unknown): readonly [string, string][] {
  if (Array.isArray(reply)) {
    if (Array.isArray(reply[0])) return reply as [string, string][];
    return Array.from({ length: reply.length / 2 }, (_, at) => [
      String(reply[at * 2]),
      String(reply[at * 2 + 1]),
    ]);
  }
  if (typeof reply !== "object" || reply === null) throw damaged("a hash", reply);
  return reply instanceof Map ? [...reply] : Object.entries(reply as Record<string, string>);
}
