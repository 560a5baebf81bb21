import type { IncomingMessage } from "node:http";
import type { FeedKind } from "@livecache/wire";
import type { OperatedLive } from "./operated-live.ts";
import { lookForDoctor } from "./doctor-look.ts";
import { numberOf, textOf } from "./query.ts";
import { STOCK_LOOKS } from "./stock-looks.ts";

/** What looking needs. */
export interface LookParts {
  readonly live: OperatedLive;
  /** Whether values may be shown. */
  readonly showsValues: boolean;
  readonly request: IncomingMessage;
}

type Look = (parts: LookParts, query: URLSearchParams) => unknown;

/** Most characters of a value that are shown. */
const MOST_SHOWN = 4_096;

/** What can be looked at, by the last part of the path. Every answer is JSON. */
export const LOOKS: Readonly<Record<string, Look>> = {
  nodes: ({ live }) => live.admin.nodes(),
  changes: ({ live }, query) => ({ changes: live.admin.recentChanges(numberOf(query, "limit")) }),
  trace: ({ live }, query) => live.admin.trace(textOf(query, "change")),
  preview: ({ live }, query) => live.admin.preview({ tags: query.getAll("tag") }),
  ...STOCK_LOOKS,
  key: async ({ live, showsValues }, query) => {
    const key = textOf(query, "key");
    const report = await live.admin.key(key);
    return showsValues ? { ...report, value: await valueOf(live, key) } : report;
  },
  channels: ({ live }) => live.admin.channels(),
  sockets: ({ live }, query) => {
    const limit = numberOf(query, "limit");
    return live.admin.sockets({ search: query.get("search") ?? "", ...(limit !== undefined && { limit }) });
  },
  user: ({ live }, query) => live.admin.user(textOf(query, "id")),
  security: ({ live }) => ({
    tokens: live.tokens.status(),
    sessions: live.sessions.status(),
    limits: live.limits.figures(),
  }),
  doctor: ({ live, request }) => lookForDoctor(live, request),
  audit: ({ live }) => live.admin.audit(),
  feed: ({ live }, query) => {
    const [after, limit] = [query.get("after"), numberOf(query, "limit")];
    const kinds = query.get("kinds")?.split(",").filter(Boolean) as FeedKind[] | undefined;
    return live.admin.feed({
      ...(after !== null && { after }),
      ...(limit !== undefined && { limit }),
      ...(kinds && { kinds }),
    });
  },
};

/** A value as text, cut where it is long; absent when it is not JSON. */
async function valueOf(live: OperatedLive, key: string): Promise<string | undefined> {
  const value = await live.cache.get(key);
  const text = value === undefined ? undefined : JSON.stringify(value);
  return text === undefined || text.length <= MOST_SHOWN ? text : `${text.slice(0, MOST_SHOWN)}…`;
}
