import { LiveError } from "@livecache/wire";
import type { WalkStep } from "./servers.ts";
import type { SlotTable } from "./slots.ts";
import type { Send } from "./wire.ts";

/** Lowest slot of the server, its name in the cluster, its cursor. */
const TOKEN = /^(\d{1,5})\.([0-9a-z]{0,8})\.(\d{1,20})$/;

/**
 * Finds the step of a walk over all primaries, in the order of their lowest slots. A cursor means something only to the server that gave
 * it: where another one has taken over, the walk over it begins again, and names may come twice. Names whose slot is moved while the walk
 * goes on, to a server that it has been to, may be left out.
 *
 * @throws LiveError `LIVE_INPUT_INVALID` for a text that is no token
 */
export function walkCluster(
  table: SlotTable,
  from: string | undefined,
  sendTo: (slot: number) => Send,
): WalkStep {
  const owners = [...table.owners()];
  const [, text = String(owners[0]?.[1] ?? 0), named, at = "0"] = readToken(from);
  const slot = Number(text);
  const place = table.ownerOf(slot);
  const id = shortIdOf(table, place);
  const next = owners.find(([other, lowest]) => lowest > slot && other !== place);
  return {
    send: sendTo(slot),
    cursor: named === undefined || named === id ? at : "0",
    after(cursor) {
      if (cursor !== "0") return `${slot}.${id}.${cursor}`;
      return next && `${next[1]}.${shortIdOf(table, next[0])}.0`;
    },
  };
}

function readToken(from: string | undefined): readonly (string | undefined)[] {
  if (from === undefined) return [];
  const parts = TOKEN.exec(from);
  if (parts) return parts;
  throw new LiveError(
    "LIVE_INPUT_INVALID",
    "after: expected `next` of the page before, received another text.",
  );
}

function shortIdOf(table: SlotTable, place: string | undefined): string {
  return place === undefined ? "" : table.idOf(place).slice(0, 8);
}
