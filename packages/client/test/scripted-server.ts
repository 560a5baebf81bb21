import { createServer } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Ack, EventMeta, JoinReply, JoinRequest, WatchReply, WatchRequest } from "@livecache/wire";
import { Server } from "socket.io";
import type { Socket } from "socket.io";

/** What a route answers: `body` as JSON, or `text` as it is. */
export interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** A request as it arrived. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** A frame as it arrived. */
export interface SeenFrame {
  readonly name: string;
  readonly body: Record<string, unknown>;
}

const OTHERS = [
  "leave",
  "whisper",
  "send",
  "typing",
  "refresh",
  "presence",
  "presence-set",
  "notifications",
  "mark-read",
];

/**
 * The other side of the protocol, doing what a test tells it: a real HTTP and Socket.IO server whose routes and answers are scripted,
 * and which keeps a record of all that arrives.
 */
export class ScriptedServer {
  /** Answers by path; anything else is 404. */
  readonly routes = new Map<string, (request: SeenRequest) => Answer | Promise<Answer>>();
  readonly requests: SeenRequest[] = [];
  readonly frames: SeenFrame[] = [];
  readonly handshakes: { readonly auth: Record<string, unknown>; readonly headers: IncomingHttpHeaders }[] =
    [];
  watch: (request: WatchRequest) => Ack<Omit<WatchReply, "id">> = () => ({
    ok: true,
    state: "fresh",
    position: "a.1",
  });
  join: (request: JoinRequest, socket: Socket) => Ack<Omit<JoinReply, "channel">> = ({ cursor }) => ({
    ok: true,
    cursor: cursor ?? "e-0",
    position: "a.1",
    resumed: cursor !== undefined,
  });
  /** Answers to further frames by name; a frame without one is answered `{ ok: true }`, and with `undefined` never. */
  readonly answers = new Map<string, (body: any, socket: Socket) => object | undefined>();
  /** Decides on a handshake: an error's message refuses it. */
  admit: () => string | undefined = () => undefined;
  /** What goes with such an error. */
  refusalData: object | undefined;
  #http = createServer();
  #io = new Server();
  #port = 0;
  #watches = 0;

  /** Listens; after {@link ScriptedServer.stop} on the same port as before. */
  async start(): Promise<this> {
    this.#http = createServer((request, response) => void this.#answer(request, response));
    this.#io = new Server(this.#http, { serveClient: false, transports: ["websocket"] });
    this.#io.use((socket, next) => {
      const reason = this.admit();
      this.handshakes.push({ auth: socket.handshake.auth, headers: socket.handshake.headers });
      next(reason ? Object.assign(new Error(reason), { data: this.refusalData }) : undefined);
    });
    this.#io.on("connection", (socket) => this.#serve(socket));
    await new Promise<void>((resolve) => this.#http.listen(this.#port, "127.0.0.1", resolve));
    this.#port = (this.#http.address() as AddressInfo).port;
    return this;
  }

  /** Ends as a killed process does: every connection is cut. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#http.close(resolve));
    this.cut();
    this.#http.closeAllConnections();
    await this.#io.close();
    await closed;
  }

  /** Reserves a port without listening, so that a client can be made before its server is up. */
  async reserve(): Promise<this> {
    await this.start();
    await this.stop();
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get sockets(): number {
    return this.#io.engine?.clientsCount ?? 0;
  }

  /** Breaks every socket's transport, as a network does. */
  cut(): void {
    for (const socket of this.#io.sockets.sockets.values()) socket.conn.close();
  }

  /** Ends every socket on purpose. */
  dismiss(): void {
    this.#io.disconnectSockets(true);
  }

  /** Answers `path` with `body`, watchable under `token`. */
  serve(path: string, body: unknown, token?: string): void {
    this.routes.set(path, () => ({ body, headers: { "live-query": token } }));
  }

  gets(path: string): number {
    return this.requests.filter((request) => request.path === path).length;
  }

  framesNamed(name: string): Record<string, unknown>[] {
    return this.frames.filter((frame) => frame.name === name).map((frame) => frame.body);
  }

  /** Tells every socket that a watch is stale. */
  stale(id: string, position: string): void {
    this.#io.emit("stale", { id, position, changeId: "c" });
  }

  resync(channel: string, cursor: string, position: string): void {
    this.#io.emit("resync", { channel, cursor, position, reason: "trimmed" });
  }

  /** Sends any frame to every socket. */
  frame(name: string, body: object): void {
    this.#io.emit(name, body);
  }

  /** Sends an event to every socket, whatever it has joined. */
  event(name: string, body: unknown, meta: Pick<EventMeta, "channel"> & Partial<EventMeta>): void {
    this.#io.emit(name, body, { position: "a.1", changeId: "c", ...meta });
  }

  #serve(socket: Socket): void {
    const on = <Body extends object>(name: string, reply: (body: Body) => object): void => {
      socket.on(name, (body: Body, ack: (reply: object) => void) => {
        this.frames.push({ name, body: body as Record<string, unknown> });
        const answer = (this.answers.get(name) ?? reply)(body, socket);
        if (answer) ack(answer);
      });
    };
    on("watch", (body: WatchRequest) => {
      const reply = this.watch(body);
      return reply.ok ? { ...reply, id: `w${++this.#watches}` } : reply;
    });
    on("unwatch", () => ({ ok: true }));
    on("join", (body: JoinRequest) => {
      const reply = this.join(body, socket);
      return reply.ok ? { ...reply, channel: body.channel } : reply;
    });
    for (const name of OTHERS) on(name, () => ({ ok: true }));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const cors = {
      "access-control-allow-origin": "*",
      "access-control-allow-headers": "*",
      "access-control-expose-headers": "live-query, live-position",
    };
    if (request.method === "OPTIONS") {
      response.writeHead(204, cors).end();
      return;
    }
    const seen = { method: request.method!, path: request.url!, headers: request.headers };
    this.requests.push(seen);
    const route = this.routes.get(seen.path);
    const answer: Answer = route ? await route(seen) : { status: 404 };
    const { status = 200, body = null, text = JSON.stringify(body), headers = {} } = answer;
    for (const [name, value] of Object.entries({ ...cors, ...headers })) {
      if (value !== undefined) response.setHeader(name, value);
    }
    response.writeHead(status).end(text);
  }
}

/** A refusal, as frames carry it. */
export function refusal(code: string, retryable = false): Ack<never> {
  return { ok: false, code, message: `${code} for the test`, retryable };
}
