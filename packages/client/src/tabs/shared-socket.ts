import { LiveError } from "@livecache/wire";
import { report } from "../audience.ts";
import { messageId } from "../message-id.ts";
import { refuseUnknown } from "../known-names.ts";
import { onWake, pageHidden } from "../page.ts";
import { socketSource } from "../socket.ts";
import type { LiveSocket, SocketOptions, SocketSource } from "../socket.ts";
import { standForElection } from "./election.ts";
import type { Election, Locks } from "./election.ts";
import { createLeader } from "./leader.ts";
import type { Leader } from "./leader.ts";
import type { TabMessage } from "./tab-message.ts";

/** Options of {@link sharedSocket}. */
export interface SharedSocketOptions extends SocketOptions {
  /**
   * Tabs of one name share one socket, and with it who they are: name it after the person who is signed in, so that tabs of different
   * people never share.
   */
  readonly name: string;
  /** The server's address. Default: the page's own. */
  readonly url?: string;
  /** `"include"` sends cookies to a server on another origin. */
  readonly credentials?: RequestCredentials;
}

/** How often a visible tab asks whether the leader is there, and after how long without an answer it takes over. */
const PING_EVERY_MS = 1_000;
const SILENT_AFTER_MS = 4_000;

/**
 * For the client's option `socket`: all tabs of the browser use one socket, which one of them holds. When that tab is closed or dies the
 * next one takes over at once, and every tab goes on where it stood. In browsers without Web Locks or `BroadcastChannel`, and in
 * programs, each client has a socket of its own.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` for an unknown option or an empty name
 */
export function sharedSocket(options: SharedSocketOptions): () => LiveSocket {
  refuseUnknown("sharedSocket", options, ["name", "url", "path", "auth", "credentials"]);
  const { name, url, path = "/socket.io", auth, credentials } = options;
  if (typeof name !== "string" || name === "") {
    throw new LiveError(
      "LIVE_OPTIONS_INVALID",
      `sharedSocket: name: expected the name of the person who is signed in, received ${JSON.stringify(name)}.`,
    );
  }
  const source = socketSource({ url, socket: { path, ...(auth && { auth }) }, credentials });
  return () => openSharedSocket(source, JSON.stringify(["livecache", url ?? "", path, name]));
}

type Listener = (...args: any[]) => void;
type Done = (error: unknown, reply: unknown) => void;

function openSharedSocket(source: SocketSource, group: string): LiveSocket {
  const tab = messageId();
  const locks = (globalThis.navigator as { readonly locks?: Locks } | undefined)?.locks;
  const isAlone = !locks || typeof BroadcastChannel === "undefined";
  const radio = isAlone ? undefined : new BroadcastChannel(group);
  const listeners = new Map<string, Set<Listener>>();
  const asked = new Map<number, Done>();
  let leader: Leader | undefined;
  let election: Election | undefined;
  let active = false;
  let connected = false;
  let number = 0;
  let heardAtMs = 0;
  let stopPinging: (() => void) | undefined;

  function say(message: TabMessage): void {
    radio?.postMessage(message);
  }

  function fire(event: string, ...args: readonly unknown[]): void {
    for (const listener of [...(listeners.get(event) ?? [])]) listener(...args);
  }

  function up(): void {
    if (!active || connected) return;
    connected = true;
    fire("connect");
  }

  function down(reason: string): void {
    for (const done of [...asked.values()]) done(new Error(reason), undefined);
    asked.clear();
    if (!connected) return;
    connected = false;
    active &&= reason !== "io server disconnect";
    fire("disconnect", reason);
  }

  function failed(error: {
    readonly message: string;
    readonly data?: unknown;
    readonly active: boolean;
  }): void {
    if (!active || connected) return;
    active = error.active;
    fire("connect_error", Object.assign(new Error(error.message), { data: error.data }));
  }

  function lead(): void {
    // Nothing of the old leader's connection goes on.
    say({ kind: "leader", from: tab });
    down("transport close");
    leader = createLeader(source, {
      up() {
        say({ kind: "up", from: tab });
        up();
      },
      down(reason) {
        say({ kind: "down", from: tab, reason });
        down(reason);
      },
      failed(error) {
        say({ kind: "failed", from: tab, error });
        failed(error);
      },
      arrived(args) {
        // Only the tab that holds the socket says anew who it is.
        if (args[0] !== "expiring") say({ kind: "arrived", from: tab, args });
        if (connected) fire("*", ...args);
      },
    });
    if (active) leader.attempt();
  }

  function resign(): void {
    leader?.close();
    leader = undefined;
    down("transport close");
  }

  function receive(message: TabMessage): void {
    if ("to" in message && message.to !== undefined && message.to !== tab) return;
    if (leader) serve(leader, message);
    else follow(message);
  }

  /** What the other tabs ask of the leader. */
  function serve(leading: Leader, message: TabMessage): void {
    const { from, kind } = message;
    if (kind === "hello" || kind === "request") election?.watch(from, () => leading.drop(from));
    if (kind === "hello") {
      if (leading.isUp) say({ kind: "up", from: tab, to: from });
      else leading.attempt();
    } else if (kind === "request") {
      leading.request(message, (reply) => {
        say({ kind: "reply", from: tab, to: from, number: message.number, reply });
      });
    } else if (kind === "bye") {
      leading.drop(from);
    } else if (kind === "ping") {
      say({ kind: "pong", from: tab, to: from });
    }
  }

  /** What the leader tells the others. */
  function follow(message: TabMessage): void {
    heardAtMs = Date.now();
    if (message.kind === "leader") {
      down("transport close");
      if (active) say({ kind: "hello", from: tab });
    } else if (message.kind === "up") up();
    else if (message.kind === "down") down(message.reason);
    else if (message.kind === "failed") failed(message.error);
    else if (message.kind === "arrived" && connected) fire("*", ...message.args);
    else if (message.kind === "reply") asked.get(message.number)?.(undefined, message.reply);
  }

  function emit(timeoutMs: number, frame: string, body: unknown, done: Done): void {
    if (leader) {
      leader.request({ from: tab, frame, body, timeoutMs }, (reply) => done(!reply, reply));
      return;
    }
    const mine = ++number;
    const timer = setTimeout(() => settle(new Error("timeout"), undefined), timeoutMs);
    const settle: Done = (error, reply) => {
      clearTimeout(timer);
      if (asked.delete(mine)) done(error, reply);
    };
    asked.set(mine, (error, reply) => settle(error ?? (reply ? undefined : new Error("no answer")), reply));
    say({ kind: "request", from: tab, number: mine, frame, body, timeoutMs });
  }

  /** A leader that is frozen or hangs holds its lock for ever. Only a tab that somebody sees takes it away. */
  function ping(): void {
    if (leader || pageHidden()) {
      heardAtMs = Date.now();
      return;
    }
    if (Date.now() - heardAtMs > SILENT_AFTER_MS) {
      heardAtMs = Date.now();
      election?.seize();
    }
    say({ kind: "ping", from: tab });
  }

  function join(): void {
    if (isAlone) return lead();
    radio!.onmessage = ({ data }) => receive(data as TabMessage);
    election = standForElection(locks, { group, tab }, { elected: lead, deposed: resign });
    heardAtMs = Date.now();
    const timer = setInterval(ping, PING_EVERY_MS);
    const stopWaking = onWake(() => (heardAtMs = Date.now()));
    stopPinging = () => {
      clearInterval(timer);
      stopWaking();
    };
  }

  function listenersOf(event: string): Set<Listener> {
    const known = listeners.get(event) ?? new Set();
    listeners.set(event, known);
    return known;
  }

  return {
    get connected() {
      return connected;
    },
    get active() {
      return active;
    },
    auth: (give) => void source.renew(undefined as never).then((auth) => give(auth!), report),
    on: (event, listener) => listenersOf(event).add(listener),
    off: (event, listener) => listenersOf(event).delete(listener),
    onAny: (listener) => listenersOf("*").add(listener),
    offAny: (listener) => listenersOf("*").delete(listener),
    timeout: (timeoutMs) => ({ emit: (frame, body, done) => emit(timeoutMs, frame, body, done) }),
    connect() {
      active = true;
      if (!leader && !election) join();
      else if (leader) leader.attempt();
      if (leader?.isUp) up();
      else if (!leader) say({ kind: "hello", from: tab });
    },
    disconnect() {
      if (!active && !election && !leader) return;
      active = false;
      say({ kind: "bye", from: tab });
      stopPinging?.();
      leader?.close();
      leader = undefined;
      election?.close();
      election = undefined;
      radio?.close();
      down("io client disconnect");
    },
  };
}
