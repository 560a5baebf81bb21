import { setImmediate as turn } from "node:timers/promises";
import type { PresenceDiffFrame, PresenceReply } from "@livecache/wire";
import { onTestFinished } from "vitest";
import type { Peer } from "../../src/base/conversation.ts";
import { randomWord } from "../../src/base/ids.ts";
import { createTasks } from "../../src/base/tasks.ts";
import { createMemoryGround } from "../../src/memory/ground.ts";
import type { GroundStatus } from "../../src/ports/ground.ts";
import type { PresenceStore } from "../../src/ports/presence-store.ts";
import { createPresence } from "../../src/presence/presence.ts";
import type { Presence } from "../../src/presence/presence.ts";
import type { PresenceLimits } from "../../src/presence/speech.ts";
import { createManualClock } from "../socketio/manual-clock.ts";
import type { ManualClock } from "../socketio/manual-clock.ts";

/** One tab of a user, and what it was told. */
export interface Tab {
  readonly told: PresenceDiffFrame[];
  /** What a right client shows of a channel: the first page it asked for, and every difference since. */
  readonly shown: (channel: string) => string[] | undefined;
  /** How often it had to ask for a page again, because a difference did not go on from what it held. */
  readonly holes: () => number;
  enter(...channels: string[]): void;
  leave(channel: string): void;
  ask(frame: string, request: unknown): Promise<object>;
  page(channel: string): Promise<PresenceReply>;
  /** The socket is gone. */
  close(): void;
}

/** One node, without sockets. */
export interface PresenceNode {
  readonly presence: Presence;
  readonly warnings: string[];
  open(userId: string | undefined): Tab;
  /** Its process is killed: nothing of it runs any more. */
  kill(): void;
}

/** Several nodes over one memory ground, whose time and faults are in the test's hands. */
export interface PresenceSite {
  readonly clock: ManualClock;
  readonly store: PresenceStore;
  /** Says that the ground is away, or back; while it is away every call rejects. */
  setAway(isAway: boolean): void;
  /** The ground has lost everything. */
  lose(): void;
  start(limits?: Partial<PresenceLimits>): PresenceNode;
  /** Lets time pass, a little at a time, and everybody do what is to be done. */
  pass(ms: number): Promise<void>;
}

const STEP_MS = 25;

/** Makes a site that ends with the test. */
export function openPresenceSite(): PresenceSite {
  const clock = createManualClock();
  let realm = createMemoryGround({ clock }).realm("main");
  let status: GroundStatus = { state: "here", sinceMs: 0 };
  const listeners = new Set<(told: GroundStatus) => void>();
  const call = (name: keyof PresenceStore) =>
    ((...args: never[]) => {
      if (status.state === "away") return Promise.reject(new Error("away"));
      return (realm.presenceStore[name] as (...given: never[]) => unknown)(...args);
    }) as never;
  const store: PresenceStore = {
    renew: call("renew"),
    write: call("write"),
    keep: call("keep"),
    reap: call("reap"),
    page: call("page"),
    count: call("count"),
    isPresent: call("isPresent"),
    follow: call("follow"),
  };

  async function settle(): Promise<void> {
    for (let i = 0; i < 4; i++) await turn();
  }

  return {
    clock,
    store,
    setAway(isAway) {
      status = isAway
        ? { state: "away", sinceMs: clock.now(), cause: "test" }
        : { state: "here", sinceMs: clock.now() };
      for (const listener of [...listeners]) listener(status);
    },
    lose() {
      realm = createMemoryGround({ clock }).realm("main");
    },
    start(limits = {}) {
      const closing = new AbortController();
      const warnings: string[] = [];
      const tasks = createTasks((error) => warnings.push(`task: ${String(error)}`));
      const tabs = new Map<string, Set<Tab>>();
      const presence = createPresence({
        store,
        isShown: (channel) => !channel.startsWith("plain"),
        broadcast({ channel, args: [frame] }) {
          for (const tab of tabs.get(channel) ?? []) tab.told.push(frame as PresenceDiffFrame);
        },
        ground: {
          status: () => status,
          onStatus(listener) {
            listeners.add(listener);
            return () => listeners.delete(listener);
          },
        },
        clock,
        tasks,
        signal: closing.signal,
        limits: { graceMs: 3_000, maxUsers: 100, ...limits },
        warn: (message) => warnings.push(message),
      });
      const kill = (): void => {
        closing.abort();
        presence.close();
      };
      onTestFinished(kill);
      return { presence, warnings, open: (userId) => openTab(presence, tabs, userId), kill };
    },
    async pass(ms) {
      await settle();
      for (let left = ms; left > 0; left -= STEP_MS) {
        clock.advance(Math.min(STEP_MS, left));
        await settle();
      }
    },
  };
}

function openTab(presence: Presence, tabs: Map<string, Set<Tab>>, userId: string | undefined): Tab {
  const id = randomWord(8);
  const peer: Peer = {
    id,
    address: undefined,
    userAgent: undefined,
    identity: () => (userId === undefined ? undefined : { userId }),
    emit: () => undefined,
    enter: () => undefined,
    exit: () => undefined,
    end: () => undefined,
  };
  const talk = presence.conversation(peer);
  const { frames } = talk;
  const told: PresenceDiffFrame[] = [];
  const pages = new Map<string, PresenceReply>();
  const ask: Tab["ask"] = async (frame, request) => {
    let answer = {};
    await frames[frame]!(request, (reply) => (answer = reply));
    return answer;
  };
  const tab: Tab = {
    told,
    shown: (channel) => replay(pages.get(channel), told).users,
    holes: () => [...pages.values()].reduce((sum, page) => sum + replay(page, told).holes, 0),
    enter(...channels) {
      for (const channel of channels) {
        tabs.set(channel, (tabs.get(channel) ?? new Set()).add(tab));
        presence.entered(peer, channel);
      }
    },
    leave(channel) {
      tabs.get(channel)?.delete(tab);
      presence.left(peer, channel);
    },
    ask,
    async page(channel) {
      const reply = (await ask("presence", { channel })) as PresenceReply;
      pages.set(channel, reply);
      return reply;
    },
    close() {
      for (const members of tabs.values()) members.delete(tab);
      talk.close();
    },
  };
  return tab;
}

/** Does what a client does with a page and the differences after it. */
function replay(
  page: PresenceReply | undefined,
  told: readonly PresenceDiffFrame[],
): { users: string[] | undefined; holes: number } {
  if (!page) return { users: undefined, holes: 0 };
  const users = new Map(page.users.map((user) => [user.userId, user]));
  let version = page.version;
  let holes = 0;
  for (const frame of told.filter(({ channel }) => channel === page.channel)) {
    if (frame.from === undefined || frame.version === version) continue;
    if (frame.from !== version) holes += isPast(frame.version, version) ? 0 : 1;
    if (frame.from !== version) continue;
    version = frame.version;
    for (const user of [...(frame.joined ?? []), ...(frame.changed ?? [])]) users.set(user.userId, user);
    for (const userId of frame.left ?? []) users.delete(userId);
  }
  const shown = [...users.values()].map(({ userId, state, meta }) =>
    [userId, state, ...(meta === undefined ? [] : [JSON.stringify(meta)])].join(" "),
  );
  return { users: shown.sort(), holes };
}

/** Whether a version of the same epoch is not after another. */
function isPast(version: string, held: string): boolean {
  const [epoch, offset] = version.split("-");
  const [heldEpoch, heldOffset] = held.split("-");
  return epoch === heldEpoch && Number(offset) <= Number(heldOffset);
}

/** Everything that was told of who came, went and changed. */
export function noise(tab: Tab): string[] {
  return tab.told.flatMap(({ joined = [], left = [], changed = [] }) => [
    ...joined.map(({ userId }) => `+${userId}`),
    ...left.map((userId) => `-${userId}`),
    ...changed.map(({ userId, state }) => `~${userId} ${state}`),
  ]);
}
