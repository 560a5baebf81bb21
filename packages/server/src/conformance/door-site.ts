import { request } from "node:http";
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Position } from "@livecache/wire";
import type { Duration } from "../base/duration.ts";
import type { ChangeMode } from "../ports/change-log.ts";

/** A request, as handlers of a suite see it. */
export interface DoorRequest {
  /** What the framework shows its handlers. */
  readonly method: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** What a handler of a suite answers; the harness says it in the framework's own way. */
export interface DoorAnswer {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** All at once, or piece by piece as it is made; none: no body. */
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
}

/** Options of `cached` that suites use. */
export interface DoorCachedOptions {
  readonly ttl: Duration;
  readonly tags?: readonly string[];
  readonly vary?: readonly string[];
  readonly public?: boolean;
  readonly maxBytes?: number;
  readonly absentTtl?: Duration;
  readonly stale?: { readonly swr?: Duration; readonly grace?: Duration };
  readonly outward?: { readonly source?: boolean; readonly reload?: boolean };
}

/** One route, in no framework's terms. What `handle` throws is thrown in the framework's handler. */
export interface DoorRoute {
  /** Default `"GET"`. */
  readonly method?: "GET" | "POST";
  readonly path: string;
  /** Absent: the route is not cached. */
  readonly cached?: DoorCachedOptions;
  handle(request: DoorRequest): DoorAnswer | Promise<DoorAnswer>;
}

/** An application: routes below `liveRoutes`, above `liveErrors`. */
export interface DoorPlan {
  readonly routes: readonly DoorRoute[];
  /** Headers that middleware sets for every request before its route. */
  readonly before?: Readonly<Record<string, string>>;
  /** Headers that middleware sets on every response when it leaves. */
  readonly after?: Readonly<Record<string, string>>;
}

/** What suites use of an instance of Livecache. */
export interface DoorLive {
  change(request: {
    readonly tags: readonly string[];
    readonly mode?: ChangeMode;
  }): Promise<{ readonly position?: Position | undefined }>;
  readonly cache: {
    getOrSet(
      key: string,
      load: () => number | Promise<number>,
      options: { readonly ttl: Duration; readonly tags: readonly string[] },
    ): Promise<number>;
  };
}

/** An application that listens. Its people are known by `Authorization: Bearer <userId>:<role>`, as `{ userId, role }`. */
export interface OpenDoor {
  /** `http://127.0.0.1:3000` */
  readonly origin: string;
  readonly live: DoorLive;
  /** The `pathTag` that the door exports. */
  pathTag(path: string): string;
  close(): Promise<void>;
}

/** A whole response. */
export interface DoorReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  /** The reason in `Cache-Status`. */
  readonly detail: string | undefined;
}

/** What is asked; a client that adds nothing to it. */
export interface DoorAsk {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A response that is read while it is written. */
export interface DoorStream {
  readonly headers: IncomingHttpHeaders;
  /** The next piece; `undefined` at the end. */
  next(): Promise<string | undefined>;
  leave(): void;
}

/** An open door, and a client of it. */
export interface DoorSite extends OpenDoor {
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<DoorReply>;
  ask(given: DoorAsk): Promise<DoorReply>;
  /** Asks, and resolves with the head. */
  stream(path: string): Promise<DoorStream>;
  /** Asks, and gives a way to leave before the answer. */
  askAndLeave(path: string): () => void;
}

/** One sentence about doors, and the test of it. */
export type DoorCase = readonly [
  sentence: string,
  run: (open: (plan: DoorPlan) => Promise<DoorSite>) => Promise<void>,
];

/** Gives a door a client that uses each connection once. */
export function siteOf(door: OpenDoor): DoorSite {
  const ask = (given: DoorAsk): Promise<DoorReply> => fetchWhole(door.origin, given);
  return {
    ...door,
    ask,
    get: (path, headers = {}) => ask({ path, headers }),
    stream: (path) => openStream(door.origin, path),
    askAndLeave(path) {
      const outgoing = send(door.origin, { path });
      outgoing.on("error", () => undefined);
      outgoing.end();
      return () => void outgoing.destroy();
    },
  };
}

function send(origin: string, { method = "GET", path, headers = {} }: DoorAsk): ClientRequest {
  return request(`${origin}${path}`, { method, headers, agent: false });
}

function fetchWhole(origin: string, given: DoorAsk): Promise<DoorReply> {
  return new Promise((resolve, reject) => {
    const outgoing = send(origin, given);
    outgoing.on("error", reject);
    outgoing.on("response", (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () => resolve(replyOf(incoming, Buffer.concat(chunks))));
    });
    outgoing.end(given.body);
  });
}

function replyOf({ statusCode, headers }: IncomingMessage, bytes: Buffer): DoorReply {
  const detail = /detail=([\w:-]+)$/.exec(String(headers["cache-status"] ?? ""))?.[1];
  return { status: statusCode ?? 0, headers, bytes, text: bytes.toString(), detail };
}

function openStream(origin: string, path: string): Promise<DoorStream> {
  return new Promise((resolve, reject) => {
    const outgoing = send(origin, { path });
    outgoing.on("error", reject);
    outgoing.on("response", (incoming) => {
      incoming.on("error", () => undefined);
      const pieces = incoming[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
      resolve({
        headers: incoming.headers,
        next: async () => (await pieces.next()).value?.toString(),
        leave: () => void outgoing.destroy(),
      });
    });
    outgoing.end();
  });
}

/** A handler that counts how often it has run, and is told the number. */
export interface CountedHandler {
  readonly handle: DoorRoute["handle"];
  runs(): number;
}

/** Makes a handler whose body is the number of the run, unless it is told otherwise. */
export function counted(
  answer: (run: number, request: DoorRequest) => DoorAnswer | Promise<DoorAnswer> = (run) => ({
    headers: { "content-type": "text/plain" },
    body: String(run),
  }),
): CountedHandler {
  let runs = 0;
  return { handle: (given) => answer(++runs, given), runs: () => runs };
}

/** Something a case waits for, and opens by hand. */
export interface DoorGate {
  readonly opened: Promise<void>;
  open(): void;
}

export function createGate(): DoorGate {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}
