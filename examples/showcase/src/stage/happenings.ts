import type { Happening } from "../answers.ts";

/** What happened on the stage, the latest first. */
export interface Happenings {
  list(): readonly Happening[];
  /** `at` is in milliseconds since 1970; now by default. */
  add(tone: Happening["tone"], words: string, at?: number): void;
}

/** Most that are kept. */
const MOST = 60;

/** Keeps the last of what happened, and tells when there is more. */
export function createHappenings(onChange: () => void): Happenings {
  let lastId = 0;
  let list: readonly Happening[] = [];
  return {
    list: () => list,
    add(tone, words, at = Date.now()) {
      lastId += 1;
      list = [{ id: lastId, at, tone, words }, ...list].toSorted((a, b) => b.at - a.at || b.id - a.id);
      list = list.slice(0, MOST);
      onChange();
    },
  };
}
