import { LiveError } from "@livecache/wire";

/** The number of the last line that is known of each node. */
export type FeedCursor = Readonly<Record<string, number>>;

/** Longest cursor: some hundreds of nodes. */
const MAX_LENGTH = 16_384;

/** Spells a cursor: `node:number,node:number`; `-` when there is no node. */
export function formatFeedCursor(cursor: FeedCursor): string {
  const parts = Object.entries(cursor).map(([node, last]) => `${node}:${last}`);
  return parts.sort().join(",") || "-";
}

/**
 * Reads a cursor.
 *
 * @throws LiveError `LIVE_INPUT_INVALID`
 */
export function parseFeedCursor(text: unknown): FeedCursor {
  if (text === "-") return {};
  const isText = typeof text === "string" && text.length <= MAX_LENGTH;
  if (!isText || !/^[a-z0-9]+:\d{1,15}(,[a-z0-9]+:\d{1,15})*$/.test(text)) {
    const received = JSON.stringify(text)?.slice(0, 80) ?? typeof text;
    const expected = "the cursor that the feed answered before";
    throw new LiveError("LIVE_INPUT_INVALID", `feed: after: expected ${expected}, received ${received}.`);
  }
  return Object.fromEntries(
    text.split(",").map((part) => {
      const [node = "", last] = part.split(":");
      return [node, Number(last)] as const;
    }),
  );
}
