import { LRUCache } from "lru-cache";
import type { Clock } from "../base/clock.ts";
import { MAX_NOTES, NOTE_AGE_MS } from "../ports/notification-store.ts";
import type { KeptNote, NoteDeed, NotesPage, NotesQuery } from "../ports/notification-store.ts";

/** A notification as memory keeps it. */
interface Note {
  readonly id: string;
  readonly body: string;
  /** Sequence of its change, and its number among the notes of that change. */
  readonly seq: number;
  readonly number: number;
  readonly atMs: number;
}

/** What is kept for one user: the oldest first, and the ids of what is unread. */
interface Box {
  notes: Note[];
  readonly unread: Set<string>;
}

/** What is kept for the users of one realm. */
export interface Notes {
  /** Does what an event says, and answers how many are unread then. */
  apply(deed: NoteDeed, body: string, seq: number): number;
  page(userId: string, query: NotesQuery): Omit<NotesPage, "cursor">;
  unread(userId: string): number;
}

/** Makes it, empty. Beyond `maxBytes` users who were not heard of for longest lose theirs. */
export function createNotes(clock: Clock, maxBytes: number): Notes {
  const boxes = new LRUCache<string, Box>({ maxSize: maxBytes, sizeCalculation: sizeOf });

  /** What is kept for a user and not too old by now. */
  function boxOf(userId: string): Box {
    const box = boxes.get(userId) ?? { notes: [], unread: new Set() };
    const youngest = box.notes.findIndex(({ atMs }) => clock.now() - atMs < NOTE_AGE_MS);
    drop(box, youngest === -1 ? box.notes.length : youngest);
    return box;
  }

  return {
    apply(deed, body, seq) {
      const box = boxOf(deed.userId);
      if (deed.type === "add") {
        const last = box.notes.at(-1);
        const number = last?.seq === seq ? last.number + 1 : 0;
        box.notes.push({ id: deed.id, body, seq, number, atMs: clock.now() });
        box.unread.add(deed.id);
        drop(box, box.notes.length - MAX_NOTES);
      } else {
        for (const id of "upTo" in deed ? idsUpTo(box, deed.upTo) : deed.ids) box.unread.delete(id);
      }
      boxes.set(deed.userId, box);
      return box.unread.size;
    },
    page(userId, { before, limit }) {
      const { notes, unread } = boxOf(userId);
      const newestFirst = notes.filter((note) => before === undefined || isBefore(note, before)).reverse();
      const shown = newestFirst.slice(0, limit);
      const next = newestFirst.length > limit ? placeOf(shown.at(-1)!) : undefined;
      const toKept = ({ id, body }: Note): KeptNote => ({ id, body, read: !unread.has(id) });
      return { notes: shown.map(toKept), unread: unread.size, next };
    },
    unread: (userId) => boxOf(userId).unread.size,
  };
}

function drop(box: Box, count: number): void {
  if (count <= 0) return;
  for (const { id } of box.notes.splice(0, count)) box.unread.delete(id);
}

function idsUpTo({ notes }: Box, id: string): readonly string[] {
  const seq = notes.find((note) => note.id === id)?.seq ?? -1;
  return notes.filter((note) => note.seq <= seq).map((note) => note.id);
}

function placeOf({ seq, number }: Note): string {
  return `${seq}-${number}`;
}

function isBefore({ seq, number }: Note, place: string): boolean {
  const [otherSeq, otherNumber] = place.split("-", 2).map(Number) as [number, number];
  return seq < otherSeq || (seq === otherSeq && number < otherNumber);
}

function sizeOf({ notes }: Box, userId: string): number {
  return notes.reduce((sum, { body }) => sum + body.length * 2 + 200, userId.length * 2 + 200);
}
