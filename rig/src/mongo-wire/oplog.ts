import { Timestamp } from "bson";
import type { Document } from "bson";
import { Refusal } from "./refusal.ts";

/** Something that has happened, as a change event without what depends on who reads it. */
export interface OplogEntry {
  readonly event: Document;
  /** The document before it, where that is kept. */
  readonly before?: Document | undefined;
  /** The document right after it: of inserts and replacements. */
  readonly after?: Document | undefined;
}

/** An entry, and tokens right behind it: its own, and one behind that. */
export interface PlacedEntry {
  readonly place: number;
  readonly token: Document;
  readonly nextToken: Document;
  readonly entry: OplogEntry;
}

/** What has happened, in order, as far as it is kept. */
export interface Oplog {
  add(entry: OplogEntry): void;
  /** Where it ends: a token behind everything that has happened. */
  endToken(): Document;
  /** Reads a token. Throws {@link Refusal} for one that is no token, or not from here. */
  placeOf(token: unknown): number;
  /** What follows a place. Throws {@link Refusal} when some of that is not kept any more. */
  after(place: number): readonly PlacedEntry[];
  /** Forgets everything that has happened so far. */
  trim(): void;
  /** Calls once with the next entry; answers what stops that. */
  onNext(call: () => void): () => void;
}

/** Places are even for entries; the odd one behind each is the token of an empty batch. */
const STEP = 2;
const TOKEN = /^82[0-9a-f]{16}$/;

/** Makes an empty log. */
export function createOplog(): Oplog {
  const entries: OplogEntry[] = [];
  let trimmed = 0;
  const waiting = new Set<() => void>();
  const end = (): number => (trimmed + entries.length) * STEP + 1;
  return {
    add(entry) {
      entries.push({
        ...entry,
        event: { ...entry.event, clusterTime: new Timestamp({ t: trimmed + entries.length + 1, i: 1 }) },
      });
      const calls = [...waiting];
      waiting.clear();
      for (const call of calls) call();
    },
    endToken: () => tokenOf(end()),
    placeOf(token) {
      const data = (token as Document | undefined)?.["_data"] as unknown;
      if (typeof data !== "string" || !TOKEN.test(data)) {
        throw new Refusal([260, "InvalidResumeToken"], `no resume token: ${JSON.stringify(token)}`);
      }
      const place = Number.parseInt(data.slice(2), 16);
      if (place <= end()) return place;
      throw new Refusal([280, "ChangeStreamFatalError"], "the resume token was not found", [
        "NonResumableChangeStreamError",
      ]);
    },
    after(place) {
      const from = Math.floor(place / STEP);
      if (from < trimmed) {
        throw new Refusal(
          [286, "ChangeStreamHistoryLost"],
          "the resume point may no longer be in the oplog",
          ["NonResumableChangeStreamError"],
        );
      }
      return entries.slice(from - trimmed).map((entry, index) => {
        const at = (from + index + 1) * STEP;
        return { place: at, token: tokenOf(at), nextToken: tokenOf(at + 1), entry };
      });
    },
    trim() {
      trimmed += entries.length;
      entries.length = 0;
    },
    onNext(call) {
      waiting.add(call);
      return () => void waiting.delete(call);
    },
  };
}

function tokenOf(place: number): Document {
  return { _data: `82${place.toString(16).padStart(16, "0")}` };
}
