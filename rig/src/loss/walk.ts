import { parseCursor, parsePosition } from "@livecache/wire";
import type { Cursor, Position } from "@livecache/wire";
import type { Tally } from "./check.ts";
import type { ClientHistory, Note } from "./history.ts";
import type { ChannelTruth } from "./truth.ts";

/** What walking through a history needs. */
export interface WalkParts {
  readonly channel: ChannelTruth;
  readonly tally: Tally;
  /** Counts a fault, with words for it. */
  readonly find: (name: keyof Tally, text: string, times?: number) => void;
  readonly isPublished: (id: string) => boolean;
}

type EventNote = Note & { readonly kind: "event" };
type ResyncNote = Note & { readonly kind: "resync" };

/** From where to where a client was told that something is missing. */
interface Told {
  readonly from: Position | undefined;
  readonly to: Position | undefined;
}

/** Walks through what one client noted about one channel, and counts. */
export function walk(history: ClientHistory, parts: WalkParts): void {
  const walker = createWalker(history, parts);
  for (const note of history.notes) walker.take(note);
  walker.end();
}

function createWalker({ level, notes }: ClientHistory, { channel, tally, find, isPublished }: WalkParts) {
  /** Where each event was delivered: its epoch, or `""` while it had no place. */
  const delivered = new Map<string, string>();
  /** Events that are accounted for although they were not delivered. */
  const missed = new Set<string>();
  const past = new Set<string>();
  const told: Told[] = [];
  let held: Cursor | undefined;
  let first: Position | undefined;
  let position: Position | undefined;
  let notice = false;
  let isIn = false;
  let unplaced = 0;

  /** Everything of an epoch after `from`, up to `to`, did not come. */
  function skip(epoch: string, from: number, to: number): void {
    for (let offset = from + 1; offset <= to; offset++) {
      const id = channel.at({ epoch, offset });
      if (id === undefined && unplaced > 0 && !notice) {
        // Told before it had a place, and seen there by nobody.
        unplaced--;
        continue;
      }
      if (id !== undefined && delivered.has(id)) continue;
      if (id !== undefined) missed.add(id);
      if (notice) tally.noticed++;
      else find("lost", `${id ?? "an event"} at ${epoch}-${offset}`);
    }
  }

  /** Moves on to `to`, of which what lies before has not come. `false`: that is no way forward. */
  function move(to: Cursor, upTo: number): boolean {
    const from = held;
    if (!from) {
      held = to;
      return true;
    }
    if (from.epoch === to.epoch) {
      if (to.offset <= from.offset) return false;
      skip(to.epoch, from.offset, upTo);
    } else {
      if (past.has(to.epoch)) return false;
      past.add(from.epoch);
      if (!notice) find("crossed", `from ${from.epoch}-${from.offset} to ${to.epoch}-${to.offset}`);
      skip(from.epoch, from.offset, channel.lastOf(from.epoch));
      skip(to.epoch, 0, upTo);
    }
    held = to;
    return true;
  }

  function reach(at: Position | undefined): void {
    if (notice) told.push({ from: position, to: at });
    notice = false;
    position = at ?? position;
    first ??= at;
  }

  function takeEarly({ id }: EventNote): void {
    if (delivered.has(id)) return find("duplicated", `${id}, the second time without a place`);
    delivered.set(id, "");
    if (!channel.isPlaced(id)) unplaced++;
    tally.delivered++;
    tally.early++;
  }

  function takePlaced(note: EventNote, at: Cursor): void {
    const { id } = note;
    const before = delivered.get(id);
    const hadNotice = notice || told.length > 0;
    const isForward = move(at, at.offset - 1);
    if (isForward) reach(parsePosition(note.position));
    const isEarlyOnes = before === "" && level === "wire";
    if (before === undefined) tally.delivered++;
    if (before === undefined || isEarlyOnes) {
      if (!isForward) find("reordered", `${id} at ${note.cursor} after ${held!.epoch}-${held!.offset}`);
    } else {
      const isAnew = before !== "" && before !== at.epoch && hadNotice && !channel.isAcknowledged(id);
      if (isAnew) tally.repeated++;
      else find("duplicated", `${id} at ${note.cursor}`);
    }
    delivered.set(id, at.epoch);
  }

  function takeResync(note: ResyncNote): void {
    const to = parseCursor(note.cursor);
    notice = true;
    if (!to) return;
    const back = held?.epoch === to.epoch && to.offset <= held.offset;
    if (back) held = to;
    else move(to, to.offset);
    reach(parsePosition(note.position));
  }

  function isTold(at: Position): boolean {
    return told.some(({ from, to }) => {
      const isBehind = from?.epoch !== at.epoch || at.seq > from.seq;
      if (to?.epoch === at.epoch) return isBehind && at.seq <= to.seq;
      // To the end, to the end of its epoch, or an epoch that lies between.
      return isBehind && (to === undefined || from?.epoch !== to.epoch);
    });
  }

  /** What was acknowledged after the client's first event, and has left no trace in the channel. */
  function takeAcknowledged(): void {
    for (const { id, position: acked } of channel.published) {
      const at = parsePosition(acked);
      if (!at || delivered.has(id) || missed.has(id)) continue;
      const isBefore = first === undefined || (at.epoch === first.epoch && at.seq <= first.seq);
      if (isBefore) continue;
      if (isTold(at)) tally.noticed++;
      else find("lost", `${id}, acknowledged at ${acked}`);
    }
  }

  return {
    take(note: Note): void {
      if (note.kind === "offline") isIn = false;
      if (note.kind === "resync") {
        if (isIn) tally.told++;
        takeResync(note);
      }
      if (note.kind === "joined") {
        isIn = true;
        if (note.resumed !== undefined) tally[note.resumed ? "resumed" : "resynced"]++;
        held ??= parseCursor(note.cursor);
      }
      if (note.kind !== "event") return;
      if (!isIn) find("uninvited", note.id);
      if (!isPublished(note.id)) find("invented", note.id);
      const at = parseCursor(note.cursor);
      if (at) takePlaced(note, at);
      else takeEarly(note);
    },
    end(): void {
      const last = channel.published.find(({ final }) => final);
      const hasEnded = !last || (held !== undefined && channel.stands(last.id, held));
      if (!hasEnded) find("unconverged", `ends at ${held ? `${held.epoch}-${held.offset}` : "nothing"}`);
      if (held) skip(held.epoch, held.offset, channel.lastOf(held.epoch));
      if (notice) told.push({ from: position, to: undefined });
      if (notes.length > 0) takeAcknowledged();
    },
  };
}
