import { parseCursor, parsePosition } from "@livecache/wire";
import type { Cursor, Position } from "@livecache/wire";
import type { ClientHistory, Note } from "./history.ts";
import type { Tally } from "./tally.ts";
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
  const walker = new Walker(history, parts);
  for (const note of history.notes) walker.take(note);
  walker.end();
}

class Walker {
  readonly #history: ClientHistory;
  readonly #parts: WalkParts;
  /** Where each event was delivered: its epoch, or `""` while it had no place. */
  readonly #delivered = new Map<string, string>();
  /** Events that are accounted for although they were not delivered. */
  readonly #missed = new Set<string>();
  readonly #past = new Set<string>();
  readonly #told: Told[] = [];
  #held: Cursor | undefined;
  #first: Position | undefined;
  #position: Position | undefined;
  #notice = false;
  #isIn = false;
  #unplaced = 0;

  constructor(history: ClientHistory, parts: WalkParts) {
    this.#history = history;
    this.#parts = parts;
  }

  take(note: Note): void {
    const { tally, find, isPublished } = this.#parts;
    if (note.kind === "offline") this.#isIn = false;
    if (note.kind === "resync") {
      if (this.#isIn) tally.told++;
      this.#takeResync(note);
    }
    if (note.kind === "joined") {
      this.#isIn = true;
      if (note.resumed !== undefined) tally[note.resumed ? "resumed" : "resynced"]++;
      this.#held ??= parseCursor(note.cursor);
    }
    if (note.kind !== "event") return;
    if (!this.#isIn) find("uninvited", note.id);
    if (!isPublished(note.id)) find("invented", note.id);
    const at = parseCursor(note.cursor);
    if (at) this.#takePlaced(note, at);
    else this.#takeEarly(note);
  }

  end(): void {
    const { channel, find } = this.#parts;
    const held = this.#held;
    const last = channel.published.find(({ final }) => final);
    const hasEnded = !last || (held !== undefined && channel.stands(last.id, held));
    if (!hasEnded) find("unconverged", `ends at ${held ? `${held.epoch}-${held.offset}` : "nothing"}`);
    if (held) this.#skip(held.epoch, held.offset, channel.lastOf(held.epoch));
    if (this.#notice) this.#told.push({ from: this.#position, to: undefined });
    if (this.#history.notes.length > 0) this.#takeAcknowledged();
  }

  /** Everything of an epoch after `from`, up to `to`, did not come. */
  #skip(epoch: string, from: number, to: number): void {
    const { channel, tally, find } = this.#parts;
    for (let offset = from + 1; offset <= to; offset++) {
      const id = channel.at({ epoch, offset });
      if (id === undefined && this.#unplaced > 0 && !this.#notice) {
        // Told before it had a place, and seen there by nobody.
        this.#unplaced--;
        continue;
      }
      if (id !== undefined && this.#delivered.has(id)) continue;
      if (id !== undefined) this.#missed.add(id);
      if (this.#notice) tally.noticed++;
      else find("lost", `${id ?? "an event"} at ${epoch}-${offset}`);
    }
  }

  /** Moves on to `to`, of which what lies before has not come. `false`: that is no way forward. */
  #move(to: Cursor, upTo: number): boolean {
    const { channel, find } = this.#parts;
    const from = this.#held;
    if (!from) {
      this.#held = to;
      return true;
    }
    if (from.epoch === to.epoch) {
      if (to.offset <= from.offset) return false;
      this.#skip(to.epoch, from.offset, upTo);
    } else {
      if (this.#past.has(to.epoch)) return false;
      this.#past.add(from.epoch);
      if (!this.#notice) find("crossed", `from ${from.epoch}-${from.offset} to ${to.epoch}-${to.offset}`);
      this.#skip(from.epoch, from.offset, channel.lastOf(from.epoch));
      this.#skip(to.epoch, 0, upTo);
    }
    this.#held = to;
    return true;
  }

  #reach(at: Position | undefined): void {
    if (this.#notice) this.#told.push({ from: this.#position, to: at });
    this.#notice = false;
    this.#position = at ?? this.#position;
    this.#first ??= at;
  }

  #takeEarly({ id }: EventNote): void {
    const { channel, tally, find } = this.#parts;
    if (this.#delivered.has(id)) return find("duplicated", `${id}, the second time without a place`);
    this.#delivered.set(id, "");
    if (!channel.isPlaced(id)) this.#unplaced++;
    tally.delivered++;
    tally.early++;
  }

  #takePlaced(note: EventNote, at: Cursor): void {
    const { channel, tally, find } = this.#parts;
    const { id } = note;
    const before = this.#delivered.get(id);
    const hadNotice = this.#notice || this.#told.length > 0;
    const isForward = this.#move(at, at.offset - 1);
    if (isForward) this.#reach(parsePosition(note.position));
    const isEarlyOnes = before === "" && this.#history.level === "wire";
    if (before === undefined) tally.delivered++;
    if (before === undefined || isEarlyOnes) {
      const held = this.#held!;
      if (!isForward) find("reordered", `${id} at ${note.cursor} after ${held.epoch}-${held.offset}`);
    } else {
      // An application is not told where an early event came to stand: somewhere before, if it stands in two epochs.
      const isElsewhere = before === "" ? channel.isRepeated(id) : before !== at.epoch;
      const isAnew = isElsewhere && hadNotice && !channel.isAcknowledged(id);
      if (isAnew) tally.repeated++;
      else find("duplicated", `${id} at ${note.cursor}`);
    }
    this.#delivered.set(id, at.epoch);
  }

  #takeResync(note: ResyncNote): void {
    const to = parseCursor(note.cursor);
    this.#notice = true;
    if (!to) return;
    const back = this.#held?.epoch === to.epoch && to.offset <= this.#held.offset;
    if (back) this.#held = to;
    else this.#move(to, to.offset);
    this.#reach(parsePosition(note.position));
  }

  #isTold(at: Position): boolean {
    return this.#told.some(({ from, to }) => {
      const isBehind = from?.epoch !== at.epoch || at.seq > from.seq;
      if (to?.epoch === at.epoch) return isBehind && at.seq <= to.seq;
      // To the end, to the end of its epoch, or an epoch that lies between.
      return isBehind && (to === undefined || from?.epoch !== to.epoch);
    });
  }

  /** What was acknowledged after the client's first event, and has left no trace in the channel. */
  #takeAcknowledged(): void {
    const { channel, tally, find } = this.#parts;
    const first = this.#first;
    for (const { id, position: acked } of channel.published) {
      const at = parsePosition(acked);
      if (!at || this.#delivered.has(id) || this.#missed.has(id)) continue;
      const isBefore = first === undefined || (at.epoch === first.epoch && at.seq <= first.seq);
      if (isBefore) continue;
      if (this.#isTold(at)) tally.noticed++;
      else find("lost", `${id}, acknowledged at ${acked}`);
    }
  }
}
