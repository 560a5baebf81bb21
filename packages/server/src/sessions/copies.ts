import { LRUCache } from "lru-cache";
import type { Clock } from "../base/clock.ts";
import { identityTag } from "../base/identity-tag.ts";
import { sessionTag } from "../base/session-tag.ts";
import type { SessionRecord } from "../ports/session-store.ts";
import { createSealedBox } from "./sealed-box.ts";

/** What is known of a session, and when that was. Its properties are encrypted. */
interface Copy {
  readonly box: Buffer;
  readonly record: Omit<SessionRecord, "fields">;
  /** When the ground was asked, on the injected clock. */
  readonly askedAtMs: number;
  /** When its idle time last began, on the injected clock: at that time or before. */
  readonly beganAtMs: number;
}

/** Sessions that this node has read a short while ago. */
export interface Copies {
  /** Keeps what was answered to a question that was asked at `askedAtMs`, unless it was dropped since. */
  keep(record: SessionRecord, askedAtMs: number): void;
  /** What is kept of it, if that is not too old, and not expired. */
  find(id: string): SessionRecord | undefined;
  /** When a touch with this idle time may be spared: when the session then expires, else `undefined`. */
  spares(id: string, idleMs: number, budget: number): number | undefined;
  /** A touch was answered. */
  touched(
    id: string,
    touch: { readonly idleMs: number; readonly expiresAtMs: number; readonly beganAtMs: number },
  ): void;
  drop(id: string): void;
  /** Drops what the tags of a record speak of: a session, or all of a user. */
  dropTags(tags: readonly string[]): void;
  clear(): void;
  size(): { readonly count: number; readonly bytes: number };
}

/** How old a copy may be that is answered. */
const MAX_COPY_AGE_MS = 60_000;

/** Most bytes of all of them. */
const MAX_COPY_BYTES = 16 * 1024 * 1024;

/** What a copy takes besides its properties, about. */
const COPY_OVERHEAD_BYTES = 600;

/** How many that were dropped are remembered, for answers that are still on their way. */
const REMEMBERED_DROPS = 5_000;

/** Makes an empty shelf. The key of its encryption is in this process only. */
export function createCopies(clock: Pick<Clock, "now">): Copies {
  const box = createSealedBox();
  const shelf = createShelf();
  const drops = createDrops(clock);

  function dropTag(tag: string): void {
    drops.note(tag);
    shelf.drop(tag);
  }

  function known(id: string): Copy | undefined {
    const copy = shelf.use(sessionTag(id));
    return copy && clock.now() - copy.askedAtMs <= MAX_COPY_AGE_MS ? copy : undefined;
  }

  return {
    keep({ fields, ...record }, askedAtMs) {
      const tag = sessionTag(record.id);
      if (drops.outdate(tag, record.userId, askedAtMs)) return;
      const before = shelf.peek(tag);
      const isSame = before?.record.version === record.version && record.version > 0;
      const agoMs = record.expiresAtMs - record.leftMs - record.seenAtMs;
      const beganAtMs = askedAtMs - Math.max(0, agoMs);
      shelf.put(tag, { box: isSame ? before.box : box.seal(fields), record, askedAtMs, beganAtMs });
    },
    find(id) {
      const copy = known(id);
      if (!copy) return undefined;
      const leftMs = copy.record.leftMs - (clock.now() - copy.askedAtMs);
      return leftMs > 0 ? { ...copy.record, leftMs, fields: box.open(copy.box) } : undefined;
    },
    spares(id, idleMs, budget) {
      const copy = known(id);
      if (!copy || copy.record.isReplaced || copy.record.idleMs !== idleMs) return undefined;
      return clock.now() - copy.beganAtMs < budget * idleMs ? copy.record.expiresAtMs : undefined;
    },
    touched(id, { idleMs, expiresAtMs, beganAtMs }) {
      const tag = sessionTag(id);
      const copy = shelf.peek(tag);
      if (!copy) return;
      const leftMs = copy.record.leftMs + (expiresAtMs - copy.record.expiresAtMs);
      const seenAtMs = Math.max(copy.record.seenAtMs, expiresAtMs - idleMs);
      const record = { ...copy.record, idleMs, expiresAtMs, seenAtMs, leftMs };
      shelf.put(tag, { ...copy, beganAtMs, record });
    },
    drop: (id) => dropTag(sessionTag(id)),
    dropTags: (tags) => tags.forEach(dropTag),
    clear() {
      drops.noteAll();
      shelf.clear();
    },
    size: shelf.size,
  };
}

/** Copies by the tags of their sessions, those that were used last, and which of them are a user's. */
function createShelf() {
  const users = new Map<string, Set<string>>();
  const copies = new LRUCache<string, Copy>({
    maxSize: MAX_COPY_BYTES,
    sizeCalculation: (copy) => copy.box.length + COPY_OVERHEAD_BYTES,
    dispose: ({ record }, tag) => unlist(record.userId, tag),
  });

  function unlist(userId: string | undefined, tag: string): void {
    if (userId === undefined) return;
    const tags = users.get(identityTag(userId));
    tags?.delete(tag);
    if (tags?.size === 0) users.delete(identityTag(userId));
  }

  return {
    peek: (tag: string): Copy | undefined => copies.peek(tag),
    use: (tag: string): Copy | undefined => copies.get(tag),
    put(tag: string, copy: Copy): void {
      copies.set(tag, copy);
      const { userId } = copy.record;
      // Set after the old one was disposed of, which takes it off the list.
      if (userId === undefined || !copies.has(tag)) return;
      const list = users.get(identityTag(userId)) ?? new Set();
      users.set(identityTag(userId), list.add(tag));
    },
    /** Drops a session, or all of a user. */
    drop(tag: string): void {
      copies.delete(tag);
      for (const own of users.get(tag) ?? []) copies.delete(own);
    },
    clear(): void {
      copies.clear();
      users.clear();
    },
    size: () => ({ count: copies.size, bytes: copies.calculatedSize }),
  };
}

/** What was dropped, and when: for answers that are still on their way. */
function createDrops(clock: Pick<Clock, "now">) {
  const dropped = new LRUCache<string, number>({ maxSize: REMEMBERED_DROPS, sizeCalculation: () => 1 });
  let allAtMs = -1;
  const at = (tag: string): number => dropped.get(tag) ?? -1;
  return {
    note: (tag: string) => void dropped.set(tag, clock.now()),
    noteAll: () => void (allAtMs = clock.now()),
    /** Whether an answer to a question that was asked then may be older than what has dropped it. */
    outdate(tag: string, userId: string | undefined, askedAtMs: number): boolean {
      if (allAtMs >= askedAtMs || at(tag) >= askedAtMs) return true;
      return userId !== undefined && at(identityTag(userId)) >= askedAtMs;
    },
  };
}
