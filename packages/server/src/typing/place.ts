import type { TypingFrame } from "@livecache/wire";
import { sleep } from "../base/clock.ts";
import type { Cancel, Clock } from "../base/clock.ts";
import type { Broadcast, Peer } from "../base/conversation.ts";
import type { Tasks } from "../base/tasks.ts";
import type { EphemeralLane, Listening } from "../ports/ephemeral-lane.ts";
import { createTypists, shownTo } from "./typists.ts";
import type { Said } from "./typists.ts";

/** Shortest time between two frames about one channel. */
const TOLD_EVERY_MS = 200;

/** How long to wait before a topic that could not be listened to is asked for again. */
const LISTEN_AGAIN_MS = 1_000;

/** What a place needs from its surroundings. */
export interface PlaceParts {
  readonly channel: string;
  readonly lane: EphemeralLane;
  /** Sends to the members of a channel on this node. */
  readonly broadcast: (told: Broadcast) => void;
  readonly clock: Clock;
  readonly tasks: Tasks;
}

/** One channel on one node: its members here, and who types there anywhere. */
export interface Place {
  enter(peer: Peer): void;
  /** Answers how many are left. */
  exit(peer: Peer): number;
  /** Takes in what was said of somebody. */
  hear(said: Said): void;
  close(): void;
}

/** The topic of the lane that tells who types in a channel. No channel has a space in its name. */
export function topicOf(channel: string): string {
  return `typing ${channel}`;
}

/** Makes a place without members, and begins to listen for what other nodes say. */
export function openPlace({ channel, lane, broadcast, clock, tasks }: PlaceParts): Place {
  const members = new Set<string>();
  const byUser = new Map<string, Set<Peer>>();
  const typists = createTypists();
  const closing = new AbortController();
  let told: readonly string[] = [];
  let mayAtMs = Number.NEGATIVE_INFINITY;
  let cancelTell: Cancel | undefined;
  let cancelSweep: Cancel = () => undefined;

  function tell(): void {
    cancelTell = undefined;
    const now = typists.users();
    if (isSame(now, told) || closing.signal.aborted) return;
    mayAtMs = clock.now() + TOLD_EVERY_MS;
    const except: string[] = [];
    // Who types, or did, is not told of it.
    for (const userId of new Set([...told, ...now])) {
      const [before, frame] = [shownTo(userId, told), { channel, ...shownTo(userId, now) }];
      const isNews = frame.more !== before.more || !isSame(frame.users, before.users);
      for (const peer of byUser.get(userId) ?? []) {
        except.push(peer.id);
        if (isNews) peer.emit("typing", frame satisfies TypingFrame);
      }
    }
    told = now;
    const args: readonly TypingFrame[] = [{ channel, ...shownTo(undefined, now) }];
    broadcast({ channel, frame: "typing", args, lane: "latest", key: topicOf(channel), except });
  }

  /** Tells what has changed: at once, or as soon as it may. */
  function settle(): void {
    const nowMs = clock.now();
    typists.sweep(nowMs);
    cancelSweep();
    const nextEndMs = typists.nextEndMs();
    if (nextEndMs !== undefined) cancelSweep = clock.after(nextEndMs - nowMs, settle);
    if (cancelTell || isSame(typists.users(), told)) return;
    if (nowMs >= mayAtMs) tell();
    else cancelTell = clock.after(mayAtMs - nowMs, tell);
  }

  function hear(said: Said): void {
    typists.hear(said, clock.now());
    settle();
  }

  async function listen(): Promise<void> {
    const { signal } = closing;
    let listening: Listening | undefined;
    while (!listening && !signal.aborted) {
      listening = await lane.listen(topicOf(channel), (text) => hearText(text, hear)).catch(() => undefined);
      if (!listening) await sleep(clock, LISTEN_AGAIN_MS, signal);
    }
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
    await listening?.close();
  }
  tasks.track(listen());

  return {
    enter(peer) {
      members.add(peer.id);
      const userId = peer.identity()?.userId;
      if (userId !== undefined) byUser.set(userId, (byUser.get(userId) ?? new Set()).add(peer));
      const shown = shownTo(userId, told);
      if (shown.users.length > 0) peer.emit("typing", { channel, ...shown } satisfies TypingFrame);
    },
    exit(peer) {
      members.delete(peer.id);
      const userId = peer.identity()?.userId;
      const own = userId === undefined ? undefined : byUser.get(userId);
      own?.delete(peer);
      if (own?.size === 0) byUser.delete(userId!);
      return members.size;
    },
    hear,
    close() {
      cancelTell?.();
      cancelSweep();
      closing.abort();
    },
  };
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((user, index) => user === right[index]);
}

/** Reads a message of the lane; what is not ours is left alone. */
function hearText(text: string, hear: (said: Said) => void): void {
  try {
    const said = JSON.parse(text) as Partial<Said> | null;
    const { node, userId, ttlMs } = said ?? {};
    if (typeof node === "string" && typeof userId === "string" && typeof ttlMs === "number") {
      hear({ node, userId, ttlMs });
    }
  } catch {
    // Somebody else writes there; nobody types because of it.
  }
}
