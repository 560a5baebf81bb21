import { request as httpRequest } from "node:http";
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { connect } from "node:net";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Target } from "../front/target.ts";

/** A node that may be sent something. */
export interface Upstream {
  readonly node: string;
  readonly port: number;
}

export interface BalancerParts {
  /** The nodes that run now, in a fixed order. */
  readonly upstreams: () => readonly Upstream[];
  /** Who asks; `undefined` for nobody in particular. */
  readonly visitorOf?: (request: IncomingMessage) => string | undefined;
  /** Told when a socket was opened to a node; the answer is called when it has ended. */
  readonly onSocket?: (node: string, visitor: string | undefined) => () => void;
}

/** Fields that are about one connection (RFC 9110, 7.6.1). */
const OF_ONE_CONNECTION = ["connection", "keep-alive", "proxy-connection"];
const SAFE = new Set(["GET", "HEAD"]);

/**
 * Hands each new visitor to the next node in turn, and keeps them there while it runs; where nobody answers, the node after that has them.
 * Nothing depends on a visitor's staying, but while Redis is away a node tells its own windows at once, and those of the others when Redis
 * is back: who stays sees what they have just done. A request that a node may have begun with is tried again only if it changes nothing.
 */
export function createBalancer({
  upstreams,
  visitorOf = () => undefined,
  onSocket = () => () => undefined,
}: BalancerParts): Target {
  const homes = createHomes();
  let turn = 0;
  /** All nodes, in the order in which this request tries them. */
  function inTurn(request: IncomingMessage): readonly Upstream[] {
    const all = upstreams();
    const visitor = visitorOf(request);
    const home = all.findIndex(({ node }) => node === homes.of(visitor));
    const first = home === -1 ? turn++ % Math.max(1, all.length) : home;
    const order = [...all.slice(first), ...all.slice(0, first)];
    homes.note(visitor, order[0]?.node);
    return order;
  }
  return {
    request: (request, response) => pass(request, response, inTurn(request)),
    upgrade(request, socket, head) {
      const onOpen = (node: string) => onSocket(node, visitorOf(request));
      passSocket({ request, socket, head, onOpen }, inTurn(request));
    },
  };
}

/** Most visitors whose node is remembered. */
const MOST_VISITORS = 10_000;

/** Which node has which visitor; those who came first are forgotten first. */
function createHomes() {
  const homes = new Map<string, string>();
  return {
    of: (visitor: string | undefined) => (visitor === undefined ? undefined : homes.get(visitor)),
    note(visitor: string | undefined, node: string | undefined): void {
      if (visitor === undefined || node === undefined) return;
      homes.set(visitor, node);
      if (homes.size > MOST_VISITORS) homes.delete(homes.keys().next().value!);
    },
  };
}

/** Who asks an application: by its session, at this host name; the applications' cookies are called so. */
export function visitorOf(application: string): NonNullable<BalancerParts["visitorOf"]> {
  const prefix = `${application}_session=`;
  return ({ headers }) => {
    const pairs = (headers.cookie ?? "").split("; ");
    const session = pairs.find((pair) => pair.startsWith(prefix));
    return session && `${headers.host} ${session}`;
  };
}

function pass(request: IncomingMessage, response: ServerResponse, upstreams: readonly Upstream[]): void {
  const [upstream, ...others] = upstreams;
  if (!upstream) {
    if (!response.headersSent) response.writeHead(503, { "Content-Type": "text/plain", "Retry-After": "1" });
    response.end("No node is running.");
    return;
  }
  const { method = "GET", url, headers } = request;
  const outgoing = httpRequest({
    host: "127.0.0.1",
    port: upstream.port,
    path: url,
    method,
    headers: { ...withoutConnection(headers), connection: "close" },
    // A connection that is kept may turn out to be dead only when a request is on its way.
    agent: false,
  });
  const leave = (): void => void outgoing.destroy();
  response.once("close", leave);
  outgoing.once("response", (answer) => {
    response.writeHead(answer.statusCode ?? 502, withoutConnection(answer.headers));
    answer.pipe(response);
    // What has begun cannot be taken back: the client sees that it was cut off.
    answer.once("error", () => response.destroy());
  });
  outgoing.once("error", (error: NodeJS.ErrnoException) => {
    response.off("close", leave);
    if (response.headersSent || response.destroyed) response.destroy();
    else if (mayTryAgain(request, error)) pass(request, response, others);
    else response.writeHead(502, { "Content-Type": "text/plain" }).end("The node was lost on the way.");
  });
  send(request, outgoing);
}

/** Nothing was sent to a node that refused the connection. */
function mayTryAgain({ method = "GET" }: IncomingMessage, { code }: NodeJS.ErrnoException): boolean {
  return code === "ECONNREFUSED" || SAFE.has(method);
}

/** Begins with the body only when the node is there, so that it can still go to another. */
function send(request: IncomingMessage, outgoing: ClientRequest): void {
  outgoing.once("socket", (socket: Socket) => socket.once("connect", () => request.pipe(outgoing)));
}

function withoutConnection(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_ONE_CONNECTION.includes(name)));
}

interface Upgrading {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly onOpen: (node: string) => () => void;
}

function passSocket(upgrading: Upgrading, upstreams: readonly Upstream[]): void {
  const { request, socket, head, onOpen } = upgrading;
  const [upstream, ...others] = upstreams;
  if (!upstream) {
    socket.end("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n");
    return;
  }
  const inner = connect(upstream.port, "127.0.0.1");
  const refused = (): void => passSocket(upgrading, others);
  inner.once("error", refused);
  inner.once("connect", () => {
    inner.off("error", refused);
    inner.once("close", onOpen(upstream.node));
    for (const [one, other] of [
      [inner, socket],
      [socket, inner],
    ] as const) {
      one.on("error", () => other.destroy());
      one.once("close", () => other.destroy());
    }
    inner.write(headOf(request));
    inner.write(head);
    inner.pipe(socket).pipe(inner);
  });
}

/** The head of a request as it came. */
function headOf({ method, url, rawHeaders }: IncomingMessage): string {
  const lines = [`${method} ${url} HTTP/1.1`];
  for (let index = 0; index < rawHeaders.length; index += 2)
    lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
}
