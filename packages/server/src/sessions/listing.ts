import { wholeNumber } from "../base/check.ts";
import { MAX_ENDED_AT_ONCE } from "../ports/session-store.ts";
import { toSession } from "./core.ts";
import type { SessionCore } from "./core.ts";
import { checkUserId } from "./read-input.ts";
import type { Sessions } from "./session-api.ts";

const DEFAULT_PAGE = 100;
const MOST_PAGE = 1_000;

/** Tells and ends many sessions, by pages. */
export function createListing(core: SessionCore): Pick<Sessions, "of" | "page" | "all" | "length" | "clear"> {
  const { store, endings } = core;
  const listing: ReturnType<typeof createListing> = {
    async of(userId) {
      checkUserId("of: userId", userId);
      const records = await store.of(userId);
      return records
        .filter((record) => !endings.covers(record))
        .map(({ id, createdAtMs, seenAtMs, expiresAtMs }) => ({ id, createdAtMs, seenAtMs, expiresAtMs }));
    },
    async page(from, limit = DEFAULT_PAGE) {
      wholeNumber("page: limit", limit, [1, MOST_PAGE]);
      const { records, next } = await store.page(from, limit);
      const alive = records.filter((record) => !endings.covers(record));
      return { sessions: alive.map((record) => toSession(record, false)), next };
    },
    async *all() {
      const told = new Set<string>();
      let from: string | undefined;
      do {
        const { sessions: some, next } = await listing.page(from);
        for (const session of some) {
          if (told.has(session.id)) continue;
          told.add(session.id);
          yield session;
        }
        from = next;
      } while (from !== undefined);
    },
    length: () => store.length(),
    async clear() {
      let ended = 0;
      let from: string | undefined;
      do {
        const { records, next } = await store.page(from, MAX_ENDED_AT_ONCE);
        for (let at = 0; at < records.length; at += MAX_ENDED_AT_ONCE) {
          ended += await endings.end(records.slice(at, at + MAX_ENDED_AT_ONCE).map(({ id }) => id));
        }
        from = next;
      } while (from !== undefined);
      return ended;
    },
  };
  return listing;
}
