import { UPGRADE, probe } from "./probe.ts";
import type { ProbeParts, Probed } from "./probe.ts";
import { passed, skipped } from "./finding.ts";
import type { Finding } from "./finding.ts";

/** Where sockets are. */
export interface SocketPlace extends ProbeParts {
  /** Of the server; its path is that of Socket.IO. */
  readonly url: URL;
  /** Where the pages are from, if they are from elsewhere. */
  readonly origin: string | undefined;
}

const STRANGER = "https://stranger.invalid";

/** How often a polling session is asked for: each over a new connection, so that a balancer may choose another node. */
const POLLS = 4;

/** Tries to get sockets through whatever stands between here and the server. */
export async function checkSockets(place: SocketPlace): Promise<readonly Finding[]> {
  const shake = (origin: string | undefined): Promise<Probed | undefined> =>
    probe(
      {
        url: handshake(place.url, "websocket"),
        headers: { ...UPGRADE, ...(origin !== undefined && { origin }) },
      },
      place,
    );
  const own = await shake(undefined);
  if (own === undefined || own.status === 404) {
    const what = own
      ? `there is no Socket.IO at ${place.url.pathname}`
      : "no answer to the WebSocket handshake";
    return (["socket-upgrade", "socket-polling", "socket-origin"] as const).map((code) =>
      skipped(code, what),
    );
  }
  const [page, stranger] = [await shake(place.origin ?? place.url.origin), await shake(STRANGER)];
  const isBlocked = ![own, page, stranger].some((answer) => answer?.status === 101);
  return [
    upgrade(own, page),
    await polling(place),
    isBlocked ? skipped("socket-origin", "no handshake gets through") : origins(place, page, stranger),
  ];
}

function handshake(base: URL, transport: "websocket" | "polling", sid?: string): URL {
  const url = new URL(base);
  url.search = new URLSearchParams({ EIO: "4", transport, ...(sid !== undefined && { sid }) }).toString();
  return url;
}

function upgrade(own: Probed, page: Probed | undefined): Finding {
  if (own.status === 101 || page?.status === 101) return passed("socket-upgrade");
  return {
    code: "socket-upgrade",
    level: "problem",
    what: `the WebSocket handshake was answered with HTTP ${own.status}`,
    why: "no screen updates itself: clients of Livecache use WebSocket only",
    fix: 'let the proxy pass it on: for nginx `proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";`',
  };
}

/** Opens a session by polling, as old clients do, and asks for it again: another node would not know it. */
async function polling(place: SocketPlace): Promise<Finding> {
  const opened = await probe({ url: handshake(place.url, "polling") }, place);
  const sid = /"sid":"([^"]+)"/.exec(opened?.text ?? "")?.[1];
  if (opened?.status !== 200 || sid === undefined) return passed("socket-polling");
  const session = handshake(place.url, "polling", sid);
  const answers: (Probed | undefined)[] = [];
  // Each needs the one before to be over. What is sent is a pong: every node that knows the session takes it.
  for (let count = 0; count < POLLS; count++)
    answers.push(await probe({ url: session, method: "POST", body: "3" }, place));
  await probe({ url: session, method: "POST", body: "1" }, place);
  if (!answers.some((answer) => answer?.status === 400)) {
    return {
      code: "socket-polling",
      level: "note",
      what: "polling is open, and every request met the node that knows the session",
      why: "behind a balancer it works only as long as each client meets one node; clients of Livecache never poll",
      fix: 'new Server(http, { transports: ["websocket"] })',
    };
  }
  return {
    code: "socket-polling",
    level: "problem",
    what: "a polling request met another node than the one before: sessions are not sticky",
    why: 'clients that begin by polling are told "Session ID unknown", and try again for ever',
    fix: 'new Server(http, { transports: ["websocket"] }), and the same in other clients; or sticky sessions at the proxy',
  };
}

function origins(place: SocketPlace, page: Probed | undefined, stranger: Probed | undefined): Finding {
  if (stranger?.status === 101) {
    return {
      code: "socket-origin",
      level: "problem",
      what: `a page of ${STRANGER} may open sockets`,
      why: "any site that somebody visits reads and writes in their name, with their cookies",
      fix: "mount sockets with `attach(live, io, { origins: [...] })` and do not allow every origin in front of it",
    };
  }
  if (page?.status === 101) return passed("socket-origin");
  return {
    code: "socket-origin",
    level: "problem",
    what: `a page of ${place.origin ?? place.url.origin} may not open sockets (HTTP ${page?.status ?? "none"})`,
    why: "its screens never update themselves",
    fix: `attach(live, io, { origins: [${JSON.stringify(place.origin ?? place.url.origin)}] }), or let the proxy keep the \`Host\` header`,
  };
}
