import type { IncomingMessage } from "node:http";
import type { Server } from "socket.io";
import type { LiveDoor } from "../assembly/create-live.ts";
import { clientAddress, isOwnMachine, networkOf } from "../base/client-address.ts";
import type { HandshakeFigures } from "./figures.ts";
import { ORIGIN_ADVICE } from "./handshake.ts";
import type { ResolvedAttachOptions } from "./options.ts";
import { isOriginAllowed } from "./origin.ts";
import type { Tally } from "./tally.ts";

/** What guarding the engine needs from its surroundings. */
export interface EngineGuardParts extends Pick<LiveDoor, "warn"> {
  readonly options: ResolvedAttachOptions;
  readonly counts: HandshakeFigures;
  readonly byNetwork: Tally;
}

type AllowRequest = (
  request: IncomingMessage,
  decide: (problem: string | null | undefined, allowed: boolean) => void,
) => void;

/** The engine, as far as it is used here. Its server looks at `opts.allowRequest` for each handshake. */
interface Engine {
  readonly opts: { allowRequest?: AllowRequest | undefined };
  on(event: string, listener: (told: never) => void): unknown;
  off(event: string, listener: (told: never) => void): unknown;
}

/** A connection that is open but not introduced yet may be one of as many again as may be in use. */
const UNINTRODUCED = 2;

/** How the engine numbers its refusals. */
const UNKNOWN_TRANSPORT = 0;
const UNKNOWN_SESSION = 1;

interface ConnectionProblem {
  readonly code: number;
  readonly context?: { readonly transport?: unknown; message?: string } | undefined;
}

/** The engine's view of a connection. */
interface EngineConnection {
  readonly remoteAddress?: string;
  readonly request?: IncomingMessage;
  on(event: "close", listener: () => void): unknown;
}

/**
 * Guards the handshakes below Socket.IO, for WebSocket and polling alike, before anything is upgraded: pages of foreign origins and addresses
 * with far too many connections are turned away there, then the application's own `allowRequest` is asked. A client whose transport cannot
 * work here is told what would. Guards until the answer is called.
 */
export function guardEngine(io: Server, parts: EngineGuardParts): () => void {
  const server = io as unknown as EngineOwner;
  const guard = new EngineGuard(server, parts);
  // The engine copies its options when the server begins to listen, which may be before or after now.
  guard.compose(server.opts);
  if (server.engine) {
    guard.compose(server.engine.opts);
    guard.watch(server.engine);
  }
  return () => guard.stop();
}

interface EngineOwner {
  readonly engine?: Engine;
  readonly opts: Engine["opts"];
}

class EngineGuard {
  readonly #server: EngineOwner;
  readonly #parts: EngineGuardParts;
  readonly #undo: (() => void)[] = [];
  readonly #told = new Set<string>();
  #watched: Engine | undefined;
  #stopped = false;

  constructor(server: EngineOwner, parts: EngineGuardParts) {
    this.#server = server;
    this.#parts = parts;
  }

  /** Puts the guard before the `allowRequest` of these options. */
  compose(opts: Engine["opts"]): void {
    const own = opts.allowRequest;
    const composed: AllowRequest = (request, decide) => {
      if (!this.#watched && this.#server.engine) this.watch(this.#server.engine);
      const problem = this.#stopped ? undefined : this.#problemWith(request);
      if (problem !== undefined) {
        this.#parts.counts.handshakesRefused++;
        decide(problem, false);
      } else if (own) {
        own(request, decide);
      } else {
        decide(null, true);
      }
    };
    opts.allowRequest = composed;
    this.#undo.push(() => {
      if (opts.allowRequest === composed) opts.allowRequest = own;
    });
  }

  /** Counts connections, and explains those that cannot be. */
  watch(engine: Engine): void {
    this.#watched = engine;
    const onConnection = (connection: EngineConnection): void => this.#count(connection);
    const onProblem = (problem: ConnectionProblem): void => this.#explain(problem);
    engine.on("connection", onConnection);
    engine.on("connection_error", onProblem);
    this.#undo.push(() => {
      engine.off("connection", onConnection);
      engine.off("connection_error", onProblem);
    });
  }

  stop(): void {
    this.#stopped = true;
    for (const step of this.#undo) step();
  }

  #problemWith({ headers, socket }: IncomingMessage): string | undefined {
    const { options, byNetwork, warn } = this.#parts;
    if (!isOriginAllowed(headers, options.origins)) {
      warn(ORIGIN_ADVICE, { origin: headers.origin, host: headers.host });
      return "LIVE_ORIGIN_REFUSED: Pages of this origin may not connect.";
    }
    if (options.trustProxy === 0 && headers["x-forwarded-for"] !== undefined) this.#warnOnce(PROXY_ADVICE);
    const address = clientAddress({ headers, remote: socket.remoteAddress }, options.trustProxy);
    if (address === undefined || isOwnMachine(address)) return undefined;
    const most = options.limits.socketsPerAddress * UNINTRODUCED;
    if (byNetwork.count(networkOf(address)) < most) return undefined;
    return `LIVE_LIMIT_REACHED: This address has ${most} open connections. Close some.`;
  }

  #count(connection: EngineConnection): void {
    const { request, remoteAddress: remote } = connection;
    const { options, byNetwork } = this.#parts;
    const address = clientAddress({ headers: request?.headers ?? {}, remote }, options.trustProxy);
    if (address !== undefined) connection.on("close", byNetwork.add(networkOf(address)));
  }

  #explain({ code, context }: ConnectionProblem): void {
    const advice = adviceFor(code, context?.transport);
    if (advice === undefined) return;
    this.#warnOnce(`a client could not connect: ${advice}`);
    // The engine answers with it.
    if (context) context.message = advice;
  }

  #warnOnce(message: string): void {
    if (this.#told.has(message)) return;
    this.#told.add(message);
    this.#parts.warn(message);
  }
}

const PROXY_ADVICE =
  "clients come through a proxy, which therefore counts as one address; set attach(live, io, { trustProxy: 1 })";

function adviceFor(code: number, transport: unknown): string | undefined {
  if (code === UNKNOWN_TRANSPORT && transport === "polling") {
    return 'this server speaks WebSocket only; give the client { transports: ["websocket"] }';
  }
  if (code === UNKNOWN_SESSION) {
    return (
      "its session is unknown on this node. A client that begins with polling has to reach the same node with each request: " +
      'give it { transports: ["websocket"] }, or let the proxy keep sessions together'
    );
  }
  return undefined;
}
