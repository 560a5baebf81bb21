import type { OperatedLive } from "./operated-live.ts";
import { numberOf, textOf } from "./query.ts";

/** What is stored, and where people are, by the last part of the path. */
export const STOCK_LOOKS = {
  keys({ live }: { readonly live: OperatedLive }, query: URLSearchParams) {
    const limit = numberOf(query, "limit");
    const given = ["pattern", "search", "after"].flatMap((name) => {
      const text = query.get(name);
      return text === null ? [] : [[name, text] as const];
    });
    return live.admin.keys({ ...Object.fromEntries(given), ...(limit !== undefined && { limit }) });
  },
  tags: ({ live }: { readonly live: OperatedLive }, query: URLSearchParams) =>
    live.admin.tags(query.get("search") ?? ""),
  tag: ({ live }: { readonly live: OperatedLive }, query: URLSearchParams) =>
    live.admin.tag(textOf(query, "tag")),
  regions: ({ live }: { readonly live: OperatedLive }, query: URLSearchParams) =>
    live.admin.regions(query.get("prefix") ?? undefined),
  ground: ({ live }: { readonly live: OperatedLive }) => live.admin.ground(),
  presence: ({ live }: { readonly live: OperatedLive }, query: URLSearchParams) =>
    live.admin.present(textOf(query, "channel"), query.get("after") ?? undefined),
};
