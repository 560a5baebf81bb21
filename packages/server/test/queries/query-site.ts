import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";
import { seededRandom, until } from "@livecache/rig";
import { applyPatch, isLiveError, parsePosition, reaches } from "@livecache/wire";
import type { BodyFrame, Position, StaleFrame, WatchReply } from "@livecache/wire";
import { onTestFinished } from "vitest";
import { createLive } from "../../src/assembly/create-live.ts";
import type { Live } from "../../src/assembly/create-live.ts";
import { randomWord } from "../../src/base/ids.ts";
import { resolveCachedOptions } from "../../src/http/cached-options.ts";
import type { CachedOptions } from "../../src/http/cached-options.ts";
import type { CachedRoute } from "../../src/http/cached-route.ts";
import type { HandlerRun } from "../../src/http/handler-run.ts";
import { preparePush } from "../../src/http/push-source.ts";
import type { Reply } from "../../src/http/reply.ts";
import type { RouteHost } from "../../src/http/route-host.ts";
import { serveRoute } from "../../src/http/serve-route.ts";
import type { Connection } from "../../src/live/connection.ts";
import { createTurns } from "../../src/live/turns.ts";
import type { Ground } from "../../src/ports/ground.ts";

/** What the handler of the route answers from, on all nodes: a database, so to say. */
export interface Origin {
  value: unknown;
  tags: readonly string[];
  contentType: string;
  /** Answers with status 500. */
  isBroken: boolean;
  /** Awaited by each run, after it has read. */
  slowness: (() => Promise<unknown>) | undefined;
  /** Runs so far, and the most at a time. */
  loads: number;
  mostAtOnce: number;
}

/** One node of an application with a single cached route, and screens that show it. */
export interface QueryNode {
  readonly live: Live;
  readonly screens: Screen[];
  /** Requests for the route. */
  fetches: number;
  /** Whether it has been closed. */
  isOver: boolean;
  fetch(fence: string | undefined): Promise<Reply>;
  /** Opens screens that show and watch the route. */
  show(count: number): Promise<Screen[]>;
}

/** A client: it loads the route, watches it, and does as the protocol says. */
export interface Screen {
  readonly connection: Connection;
  value: unknown;
  /** The value as JSON. */
  text: string;
  etag: string;
  token: string;
  position: Position | undefined;
  id: string | undefined;
  readonly told: (
    | { readonly frame: "stale"; readonly body: StaleFrame }
    | { readonly frame: "body"; readonly body: BodyFrame }
  )[];
  /** Bodies that came after a newer one, and deltas that did not fit. */
  misfits: number;
  isLoading: boolean;
}

const SECRET = "0123456789abcdef0123456789abcdef";

export function createOrigin(value: unknown, tags: readonly string[] = ["board"]): Origin {
  const contentType = "application/json; charset=utf-8";
  const counts = { loads: 0, mostAtOnce: 0 };
  return { value, tags, contentType, isBroken: false, slowness: undefined, ...counts };
}

/** Starts a node, and ends it with the test. */
export async function openNode(
  ground: Ground,
  origin: Origin,
  options: Partial<CachedOptions<unknown>> = {},
): Promise<QueryNode> {
  const live = createLive({ ground, secret: SECRET, logger: { warn: () => undefined } }) as unknown as Live;
  onTestFinished(() => {
    node.isOver = true;
    return live.close();
  });
  const route = resolveCachedOptions({ ttl: "5m", public: true, ...options });
  preparePush(live.door, route);
  const rooms = new Map<string, Set<Tell>>();
  live.door.hub.addBroadcaster({
    send({ channel, frame, args }) {
      for (const tell of rooms.get(channel) ?? []) tell(frame, args[0]);
    },
  });
  const node: QueryNode = {
    live,
    screens: [],
    fetches: 0,
    isOver: false,
    fetch(fence) {
      node.fetches++;
      return ask({ live, route, origin }, fence);
    },
    async show(count) {
      const opened = Array.from({ length: count }, () => openScreen(node, rooms));
      node.screens.push(...opened);
      for (const [index, screen] of opened.entries()) {
        await load(node, screen);
        // Hits wait for nothing, so without this the process would hear of nothing else.
        if (index % 50 === 49) await nextTurn();
      }
      return opened;
    },
  };
  await until(() => live.door.applied(), { what: "the node follows the log", withinMs: 5_000 });
  return node;
}

type Tell = (frame: string, body: unknown) => void;

function openScreen(node: QueryNode, rooms: Map<string, Set<Tell>>): Screen {
  const tell: Tell = (frame, body) => take(node, screen, { frame, body } as Screen["told"][number]);
  const connection = node.live.door.hub.connect({
    id: randomWord(8),
    address: undefined,
    userAgent: undefined,
    identity: () => undefined,
    emit: tell,
    enter: (room) => rooms.set(room, (rooms.get(room) ?? new Set()).add(tell)),
    exit: (room) => rooms.get(room)?.delete(tell),
    end: () => undefined,
  });
  const shown = { value: undefined, text: "", etag: "", token: "", position: undefined, id: undefined };
  const screen: Screen = { connection, ...shown, told: [], misfits: 0, isLoading: false };
  return screen;
}

const random = seededRandom(1);

/**
 * All clients and all nodes are one process here, on a machine that other tests use as well. Clients of their own would not keep the
 * nodes from hearing of anything else, so only some of these load in one turn of the process.
 */
const turns = createTurns(20);

async function loadInTurn(node: QueryNode, screen: Screen, fence: string): Promise<void> {
  const endTurn = await turns.take();
  await nextTurn();
  await load(node, screen, fence).finally(endTurn);
}

function take(node: QueryNode, screen: Screen, told: Screen["told"][number]): void {
  screen.told.push(told);
  if (told.body.id !== screen.id) return;
  if (told.frame === "stale") {
    screen.id = undefined;
    const waitMs = (told.body.spreadMs ?? 0) * random.next();
    void pause(waitMs).then(() => loadInTurn(node, screen, told.body.position));
    return;
  }
  const { position, token, etag, from, delta } = told.body;
  const at = parsePosition(position)!;
  if (screen.position && !reaches(at, screen.position)) screen.misfits++;
  const { value, text } = becomes(screen, told.body);
  if (value === undefined || (delta !== undefined && from !== screen.etag)) screen.misfits++;
  Object.assign(screen, { value, text, token, etag, position: at });
}

/** What 10,000 screens would all work out alike. */
const worked = new WeakMap<
  BodyFrame,
  { readonly before: string; readonly value: unknown; readonly text: string }
>();

function becomes(screen: Screen, frame: BodyFrame): { readonly value: unknown; readonly text: string } {
  const known = worked.get(frame);
  if (known?.before === screen.text) return known;
  const { delta, body } = JSON.parse(JSON.stringify(frame)) as BodyFrame;
  const value = delta === undefined ? body : applyPatch(screen.value, delta);
  const made = { before: screen.text, value, text: JSON.stringify(value) };
  worked.set(frame, made);
  return made;
}

/** Loads the route, and watches what came; again, if that is out of date already. What fails is tried again, with growing pauses. */
async function load(node: QueryNode, screen: Screen, fence?: string): Promise<void> {
  screen.isLoading = true;
  let wanted = fence;
  for (;;) {
    const { status, headers, body } = await patiently(node, () => node.fetch(wanted));
    if (status !== 200) {
      await pause(50);
      continue;
    }
    const text = Buffer.from(body!).toString();
    if (screen.text !== text) Object.assign(screen, { value: JSON.parse(text), text });
    screen.etag = String(headers.get("etag"));
    screen.position = parsePosition(headers.get("live-position"));
    screen.token = String(headers.get("live-query"));
    const { state, position } = await patiently(node, () => watch(screen));
    if (state === "fresh") break;
    wanted = position;
  }
  screen.isLoading = false;
}

async function patiently<T>(node: QueryNode, work: () => Promise<T>): Promise<T> {
  for (let pauseMs = 50; ; pauseMs = Math.min(1_000, pauseMs * 2)) {
    try {
      return await work();
    } catch (error) {
      // The test is over, and nobody waits for this screen.
      if (node.isOver) return new Promise<never>(() => undefined);
      if (!isLiveError(error) || !error.retryable) throw error;
      await pause(pauseMs * random.next());
    }
  }
}

/** Watches with the token of what is shown. */
export async function watch(screen: Screen): Promise<WatchReply> {
  let reply: WatchReply | undefined;
  await screen.connection.frames.watch({ token: screen.token }, (answer) => {
    reply = answer as WatchReply;
    if (reply.state === "fresh") screen.id = reply.id;
  });
  return reply!;
}

/** One request on the route, from nobody, as any framework would hand it in. */
async function ask(
  { live, route, origin }: { live: Live; route: CachedRoute; origin: Origin },
  fence: string | undefined,
): Promise<Reply> {
  let sent: Reply | undefined;
  const host: RouteHost = {
    request: { method: "GET", target: "/board", origin: "http://site", headers: {} },
    fence: parsePosition(fence),
    isNested: false,
    identity: async () => undefined,
    standing: () => ({}),
    run: () => runOnce(origin, (reply) => (sent = reply)),
    rerun: () => runOnce(origin, () => undefined),
    bypass: () => undefined,
    send: (reply) => void (sent = reply),
    reopen: () => undefined,
  };
  await serveRoute(live.door, route, host);
  return sent!;
}

let running = 0;

async function runOnce(origin: Origin, release: (reply: Reply) => void): Promise<HandlerRun> {
  origin.loads++;
  running++;
  origin.mostAtOnce = Math.max(origin.mostAtOnce, running);
  const { tags, contentType, isBroken } = origin;
  const body = Buffer.from(JSON.stringify(origin.value));
  try {
    await origin.slowness?.();
  } finally {
    running--;
  }
  if (isBroken) {
    release({ status: 500, without: [], headers: new Map(), body: undefined });
    return { type: "released", cause: "status", status: 500 };
  }
  const head = { status: 200, headers: { "content-type": contentType }, outer: {} };
  return { type: "held", head, body, tags };
}

/** Waits until every screen of the nodes shows what the origin has. */
export async function untilShown(
  nodes: readonly QueryNode[],
  origin: Origin,
  withinMs = 10_000,
): Promise<void> {
  const text = JSON.stringify(origin.value);
  const isShown = (screen: Screen): boolean => !screen.isLoading && screen.text === text;
  await until(() => nodes.every(({ screens }) => screens.every(isShown)), {
    what: "all screens show what is true",
    withinMs,
  });
}

/** Frames that the screens were told, by name. */
export function framesOf(nodes: readonly QueryNode[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { screens } of nodes) {
    for (const { told } of screens) {
      for (const { frame, body } of told) {
        const name = frame === "stale" ? "stale" : "delta" in body ? "delta" : "body";
        counts[name] = (counts[name] ?? 0) + 1;
      }
    }
  }
  return counts;
}
