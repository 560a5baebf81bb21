import { report } from "../audience.ts";
import { messageId } from "../message-id.ts";
import { onWake, pageHidden } from "../page.ts";
import type { Auth, LiveSocket, SocketListener, SocketSource } from "../socket.ts";
import { standForElection } from "./election.ts";
import type { Election, Locks } from "./election.ts";
import { createLeader } from "./leader.ts";
import type { Leader } from "./leader.ts";
import type { ConnectFailure, TabMessage, TabRequest } from "./tab-message.ts";

/** How often a visible tab asks whether the leader is there, and after how long without an answer it takes over. */
const PING_EVERY_MS = 1_000;
const SILENT_AFTER_MS = 4_000;

type Done = (error: unknown, reply: unknown) => void;
type TabFrame = Pick<TabRequest, "frame" | "body" | "timeoutMs">;

/**
 * What one tab has of the socket that a group of tabs shares. It looks like a socket of its own: the tab that leads hands on what the
 * real one says. Without Web Locks or `BroadcastChannel` it leads a group of one.
 */
export class TabSocket implements LiveSocket {
  readonly #source: SocketSource;
  readonly #group: string;
  readonly #tab = messageId();
  readonly #locks: Locks | undefined;
  readonly #radio: BroadcastChannel | undefined;
  readonly #listeners = new Map<string, Set<SocketListener>>();
  readonly #asked = new Map<number, Done>();
  #leader: Leader | undefined;
  #election: Election | undefined;
  #active = false;
  #connected = false;
  /** The leader can see whether this tab lives. */
  #isStanding = false;
  #number = 0;
  #heardAtMs = 0;
  #stopPinging: (() => void) | undefined;

  constructor(source: SocketSource, group: string) {
    this.#source = source;
    this.#group = group;
    this.#locks = (globalThis.navigator as { readonly locks?: Locks } | undefined)?.locks;
    if (this.#locks && typeof BroadcastChannel !== "undefined") this.#radio = new BroadcastChannel(group);
  }

  get connected(): boolean {
    return this.#connected;
  }

  get active(): boolean {
    return this.#active;
  }

  readonly auth = (give: (auth: object) => void): void => {
    void this.#source.renew(this).then((auth) => give(auth as Auth), report);
  };

  on(event: string, listener: SocketListener): void {
    this.#listenersOf(event).add(listener);
  }

  off(event: string, listener: SocketListener): void {
    this.#listenersOf(event).delete(listener);
  }

  onAny(listener: SocketListener): void {
    this.on("*", listener);
  }

  offAny(listener: SocketListener): void {
    this.off("*", listener);
  }

  timeout(timeoutMs: number) {
    return {
      emit: (frame: string, body: unknown, done: Done) => this.#emit({ frame, body, timeoutMs }, done),
    };
  }

  connect(): void {
    this.#active = true;
    if (this.#leader) this.#leader.attempt();
    else if (!this.#election) this.#join();
    if (this.#leader?.isUp) this.#up();
    else this.#greet();
  }

  disconnect(): void {
    if (!this.#active && !this.#election && !this.#leader) return;
    this.#active = false;
    this.#say({ kind: "bye", from: this.#tab });
    this.#stopPinging?.();
    this.#leader?.close();
    this.#leader = undefined;
    this.#election?.close();
    this.#election = undefined;
    this.#isStanding = false;
    this.#radio?.close();
    this.#down("io client disconnect");
  }

  #say(message: TabMessage): void {
    this.#radio?.postMessage(message);
  }

  /** Asks the leader to be let in; once it has answered, frames can be sent. */
  #greet(): void {
    if (this.#active && this.#isStanding && !this.#leader) this.#say({ kind: "hello", from: this.#tab });
  }

  #fire(event: string, ...args: readonly unknown[]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) listener(...args);
  }

  #up(): void {
    if (!this.#active || this.#connected) return;
    this.#connected = true;
    this.#fire("connect");
  }

  #down(reason: string): void {
    for (const done of [...this.#asked.values()]) done(new Error(reason), undefined);
    this.#asked.clear();
    if (!this.#connected) return;
    this.#connected = false;
    this.#active &&= reason !== "io server disconnect";
    this.#fire("disconnect", reason);
  }

  #failed(error: ConnectFailure): void {
    if (!this.#active || this.#connected) return;
    this.#active = error.active;
    this.#fire("connect_error", Object.assign(new Error(error.message), { data: error.data }));
  }

  #lead(): void {
    // Nothing of the old leader's connection goes on.
    this.#say({ kind: "leader", from: this.#tab });
    this.#down("transport close");
    this.#leader = createLeader(this.#source, {
      up: () => {
        this.#say({ kind: "up", from: this.#tab });
        this.#up();
      },
      down: (reason) => {
        this.#say({ kind: "down", from: this.#tab, reason });
        this.#down(reason);
      },
      failed: (error) => {
        this.#say({ kind: "failed", from: this.#tab, error });
        this.#failed(error);
      },
      arrived: (args) => {
        // Only the tab that holds the socket says anew who it is.
        if (args[0] !== "expiring") this.#say({ kind: "arrived", from: this.#tab, args });
        if (this.#connected) this.#fire("*", ...args);
      },
    });
    if (this.#active) this.#leader.attempt();
  }

  #resign(): void {
    this.#leader?.close();
    this.#leader = undefined;
    this.#down("transport close");
  }

  #receive(message: TabMessage): void {
    if ("to" in message && message.to !== undefined && message.to !== this.#tab) return;
    if (this.#leader) this.#serve(this.#leader, message);
    else this.#follow(message);
  }

  /** What the other tabs ask of the leader. */
  #serve(leading: Leader, message: TabMessage): void {
    const { from, kind } = message;
    if (kind === "hello" || kind === "request") this.#election?.watch(from, () => leading.drop(from));
    if (kind === "hello") {
      if (leading.isUp) this.#say({ kind: "up", from: this.#tab, to: from });
      else leading.attempt();
    } else if (kind === "request") {
      leading.request(message, (reply) => {
        this.#say({ kind: "reply", from: this.#tab, to: from, number: message.number, reply });
      });
    } else if (kind === "bye") {
      leading.drop(from);
    } else if (kind === "ping") {
      this.#say({ kind: "pong", from: this.#tab, to: from });
    }
  }

  /** What the leader tells the others. */
  #follow(message: TabMessage): void {
    this.#heardAtMs = Date.now();
    if (message.kind === "leader") {
      this.#down("transport close");
      this.#greet();
    } else if (message.kind === "up") this.#up();
    else if (message.kind === "down") this.#down(message.reason);
    else if (message.kind === "failed") this.#failed(message.error);
    else if (message.kind === "arrived" && this.#connected) this.#fire("*", ...message.args);
    else if (message.kind === "reply") this.#asked.get(message.number)?.(undefined, message.reply);
  }

  #emit({ frame, body, timeoutMs }: TabFrame, done: Done): void {
    if (this.#leader) {
      this.#leader.request({ from: this.#tab, frame, body, timeoutMs }, (reply) => done(!reply, reply));
      return;
    }
    const mine = ++this.#number;
    const timer = setTimeout(() => settle(new Error("timeout"), undefined), timeoutMs);
    const settle: Done = (error, reply) => {
      clearTimeout(timer);
      if (this.#asked.delete(mine)) done(error, reply);
    };
    this.#asked.set(mine, (error, reply) =>
      settle(error ?? (reply ? undefined : new Error("no answer")), reply),
    );
    this.#say({ kind: "request", from: this.#tab, number: mine, frame, body, timeoutMs });
  }

  /** A leader that is frozen or hangs holds its lock for ever. Only a tab that somebody sees takes it away. */
  #ping(): void {
    if (this.#leader || pageHidden()) {
      this.#heardAtMs = Date.now();
      return;
    }
    if (Date.now() - this.#heardAtMs > SILENT_AFTER_MS) {
      this.#heardAtMs = Date.now();
      this.#election?.seize();
    }
    this.#say({ kind: "ping", from: this.#tab });
  }

  #join(): void {
    if (!this.#locks || !this.#radio) return this.#lead();
    this.#radio.addEventListener("message", ({ data }) => this.#receive(data as TabMessage));
    this.#election = standForElection(
      this.#locks,
      { group: this.#group, tab: this.#tab },
      {
        standing: () => {
          this.#isStanding = true;
          this.#greet();
        },
        elected: () => this.#lead(),
        deposed: () => this.#resign(),
      },
    );
    this.#heardAtMs = Date.now();
    const timer = setInterval(() => this.#ping(), PING_EVERY_MS);
    const stopWaking = onWake(() => (this.#heardAtMs = Date.now()));
    this.#stopPinging = () => {
      clearInterval(timer);
      stopWaking();
    };
  }

  #listenersOf(event: string): Set<SocketListener> {
    const known = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, known);
    return known;
  }
}
