import { isDeepStrictEqual } from "node:util";
import { createLiveClient } from "@livecache/client";
import type { LiveClient, LiveQuery } from "@livecache/client";
import type { HostelContract } from "../contract.ts";
import type { Tally } from "./tally.ts";
import type { Visitor } from "./visitor.ts";

/** Says whether a screen with this data shows what it ought to. */
export type IsShown = (data: unknown) => boolean;

/** One open page: a live query, and the events of one hostel. */
export interface Screen {
  readonly path: string;
  readonly hostelId: string;
  /** Measures how long, from now, the screen takes to show something. */
  expect(isShown: IsShown): void;
  /** Whether the screen shows everything that was expected of it. */
  isSettled(): boolean;
  /** Whether the screen shows what the server answers to somebody who presents `fence`. */
  isConverged(fence: string | undefined): Promise<boolean>;
  close(): void;
}

export interface ScreenParts {
  readonly url: string;
  readonly visitor: Visitor;
  readonly path: string;
  readonly hostelId: string;
  readonly tally: Tally;
}

/** Opens one screen, as a browser window would. */
export function openScreen({ url, visitor, path, hostelId, tally }: ScreenParts): Screen {
  const client: LiveClient<HostelContract> = createLiveClient<HostelContract>({
    url,
    // A cookie is believed only from one of the site's own pages, and this is how a page says that it is one.
    headers: () => ({ Cookie: visitor.cookie, Origin: new URL(url).origin }),
  });
  const query: LiveQuery = client.query(path);
  const waiting = new Map<IsShown, number>();

  function check(): void {
    const { data } = query.getSnapshot();
    if (data === undefined) return;
    for (const [isShown, writtenAtMs] of waiting) {
      if (!isShown(data)) continue;
      waiting.delete(isShown);
      tally.stalenessesMs.push(performance.now() - writtenAtMs);
    }
  }

  const count = (): void => void (tally.eventsDelivered += 1);
  query.subscribe(check);
  client.channel(
    "hostel/:hostelId",
    { hostelId },
    { new_issue: count, issue_status_updated: count, new_announcement: count },
  );
  return {
    path,
    hostelId,
    expect(isShown) {
      waiting.set(isShown, performance.now());
      check();
    },
    isSettled: () => waiting.size === 0,
    async isConverged(fence) {
      const answer = await visitor.ask("GET", path, { fence });
      return answer !== undefined && isSame(answer.body, query.getSnapshot().data);
    },
    close: () => client.close(),
  };
}

/** The figures of the dashboard carry the moment they were taken, which may differ while they do not. */
function isSame(left: unknown, right: unknown): boolean {
  const timeless = (data: unknown): unknown => ({ ...(data as object), asOf: null });
  return isDeepStrictEqual(timeless(left), timeless(right));
}
