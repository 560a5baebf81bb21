import { LiveError } from "@livecache/wire";
import { withDeadline } from "../base/deadline.ts";
import type { Member } from "./cluster-route.ts";
import { placeOf } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { isReplicaReply } from "./failure.ts";
import { createFeeds } from "./feeds.ts";
import type { Feeds } from "./feeds.ts";
import { openLink } from "./link.ts";
import type { Link, LinkOptions } from "./link.ts";
import { isUnsettled, readRedirect } from "./redirect.ts";
import type { Redirect } from "./redirect.ts";
import type { RealmLinks, ServersParts } from "./servers.ts";
import type { Wire } from "./wire.ts";

/** Where a realm is: all that is judged by has one slot. */
export interface RealmSeat {
  readonly name: string;
  readonly slot: number;
  /** The key of the head, which is in that slot. */
  readonly head: string;
  /** `host:port` of the primary that has the slot, as far as is known. */
  place: string | undefined;
  /** The connection for commands on which its first heartbeat has gone out, by the end that it will have. */
  begunOn: Wire["ended"] | undefined;
  /** Connections that follow the slot. */
  readonly links: Link[];
}

/** What the connections of a realm need from the cluster. */
export interface RealmLinkParts {
  readonly parts: ServersParts;
  /** Where the primary is that has the slot. Throws `LIVE_GROUND_AWAY`. */
  readonly locate: () => Endpoint;
  readonly ownerOf: () => Member;
  /** A server has said who has the slot. */
  readonly take: (redirect: Redirect) => void;
  readonly onDown: () => void;
}

/**
 * Makes the connections of a realm in a cluster: one for its events and one for its tail, each to whichever primary has the slot. When the
 * slot moves, they end and begin again there: subscriptions are made anew, and the tail's question finds what was told in between.
 */
export function createRealmLinks(seat: RealmSeat, realm: RealmLinkParts): RealmLinks {
  const { parts } = realm;
  const { clock, tasks, settings } = parts;
  let events: Link | undefined;

  const openEvents = (): Link =>
    (events ??= follow(seat, realm, { name: `events of ${seat.name}`, onConnect: feeds.restore }));
  const feeds = createFeeds({ link: openEvents, tasks });

  const guarded: Feeds = {
    ...feeds,
    async listen(feed, take) {
      const limit = { what: `events of ${seat.name}: connecting`, limitMs: settings.commandTimeoutMs };
      await withDeadline(clock, openEvents().ready(), limit).catch(orAway);
      return realm.ownerOf().commands.pass(() => feeds.listen(feed, take));
    },
  };

  return {
    feeds: guarded,
    openTailLink: () =>
      follow(seat, realm, {
        name: `log of ${seat.name}`,
        // Before anything that is read over this connection is believed.
        async onConnect({ send, endpoint }) {
          const place = endpoint.told ?? placeOf(endpoint);
          await parts.realms.get(seat.name)?.pulse.beat(send, { place, isFirst: true });
        },
      }),
  };
}

/** Opens a link that leads to whoever has the slot. */
function follow(
  { head, links }: RealmSeat,
  { parts, locate, take, onDown }: RealmLinkParts,
  its: Pick<LinkOptions, "name" | "onConnect">,
): Link {
  const { settings, clock, signal, tasks, report } = parts;
  let host = "";
  const link = openLink({
    ...settings,
    ...{ clock, signal, tasks },
    ...its,
    locate() {
      const endpoint = locate();
      host = endpoint.host;
      return endpoint;
    },
    isWrongServer(error) {
      const redirect = readRedirect(error, host);
      if (redirect?.kind === "moved") take(redirect);
      return redirect?.kind === "moved" || isReplicaReply(error);
    },
    // Names the slot: a server that has given it away says so, also when it forgot to end a subscription.
    beat: (send) => send(["GET", head]).catch(unlessUnsettled),
    onUp: () => undefined,
    onDown(cause) {
      report(cause);
      onDown();
    },
  });
  links.push(link);
  return link;
}

/** A slot that is being moved is still served, key by key. */
function unlessUnsettled(error: unknown): void {
  if (!isUnsettled(error)) throw error;
}

/** Nothing has been sent, so nothing is unknown. */
function orAway(error: LiveError): never {
  if (error.code !== "LIVE_GROUND_TIMEOUT") throw error;
  throw new LiveError("LIVE_GROUND_AWAY", error.message, { cause: error });
}
