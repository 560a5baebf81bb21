import type { LiveError } from "@livecache/wire";
import { openCommandLink } from "./command-link.ts";
import type { Endpoint } from "./endpoint.ts";
import { placeOf } from "./endpoint.ts";
import { createFeeds } from "./feeds.ts";
import type { Feeds } from "./feeds.ts";
import { createKeyspace } from "./keyspace.ts";
import { openLink } from "./link.ts";
import type { Link } from "./link.ts";
import type { Beating, Servers, ServersParts } from "./servers.ts";
import { noteTime } from "./server-clock.ts";
import { checkServer } from "./server-check.ts";
import type { Send, Wire } from "./wire.ts";

/** How the one server is found. */
export interface SingleWay {
  readonly locate: () => Endpoint | Promise<Endpoint>;
  /** Run first on every connection: whether it leads to the server that is meant. */
  readonly greet: (wire: Wire) => Promise<void>;
  /** Whether another server may take over. Each change of it counts as a loss then. */
  readonly isReplicated: boolean;
  /** Calls back when another server has taken over. */
  readonly onMoved: (listener: (cause: LiveError) => void) => void;
}

/** One connection for commands, one for events, and one for each realm that waits for the log; all lead to the same server. */
export function openSingle(parts: ServersParts, way: SingleWay): Servers {
  const { settings, status, serverClock, realms, report, look, tasks } = parts;
  const { head } = createKeyspace({ ...settings, realm: "main" });
  const links: Link[] = [];

  const { locate } = way;
  const base = { ...settings, ...{ clock: parts.clock, signal: parts.signal, tasks, locate } };

  function open(name: string, onConnect: (wire: Wire) => Promise<void>): Link {
    const link = openLink({
      ...base,
      ...{ name, onUp: () => undefined, onDown: report },
      beat: (send) => send(["PING"]),
      async onConnect(wire) {
        await way.greet(wire);
        await onConnect(wire);
      },
    });
    links.push(link);
    return link;
  }

  function beatFor({ pulse }: Beating, { endpoint }: Wire, isFirst: boolean): (send: Send) => Promise<void> {
    const place = way.isReplicated ? (endpoint.told ?? placeOf(endpoint)) : "";
    return (send) => pulse.beat(send, { place, isFirst });
  }

  const commands = openCommandLink({
    ...base,
    name: "commands",
    async check(wire) {
      await way.greet(wire);
      await checkServer(wire.send, { mode: "standalone", anyKey: head });
      await look("server", wire);
    },
    /** Asks for the time, and whether every realm still holds what this ground wrote. */
    async beatOn(wire, send, isFirst) {
      const beats = [...realms.values()].map((realm) => beatFor(realm, wire, isFirst)(send));
      await Promise.all([noteTime({ serverClock, clock: parts.clock, send }), ...beats]);
    },
    onHere: status.here,
    onAway(cause) {
      status.away(cause);
      report(cause);
    },
  });
  links.push(commands.link);
  const allFeeds = createFeeds({ link: () => events, tasks });
  const feeds: Feeds = {
    ...allFeeds,
    listen: (name, take) => commands.pass(() => allFeeds.listen(name, take)),
  };
  const events = open("events", feeds.restore);
  way.onMoved((cause) => links.forEach((link) => link.drop(cause)));

  /** A realm that is opened over a connection that was there before: what is sent for it next is carried out behind this. */
  function begin(name: string): void {
    const realm = realms.get(name);
    if (!realm) return;
    try {
      const wire = commands.link.wire();
      tasks.track(beatFor(realm, wire, true)(wire.send).catch(() => undefined));
    } catch {
      // The next connection begins with it.
    }
  }

  return {
    send: commands.send,
    isSpread: false,
    walk: (cursor = "0") => ({
      ...{ send: commands.send, cursor },
      after: (next) => (next === "0" ? undefined : next),
    }),
    ready: async () => void (await Promise.all([commands.link.ready(), events.ready()])),
    begin,
    openRealm(name) {
      const openTailLink = (): Link =>
        open(`log of ${name}`, async (wire) => {
          const realm = realms.get(name);
          if (realm && way.isReplicated) await beatFor(realm, wire, true)(wire.send);
        });
      return { feeds, openTailLink };
    },
  };
}
