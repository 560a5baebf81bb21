import type { Clock } from "../base/clock.ts";
import type { Tasks } from "../base/tasks.ts";
import type { PresenceStore, PresenceWrite } from "../ports/presence-store.ts";
import type { Spoken } from "./local-users.ts";

/** What announcing needs from its surroundings. */
export interface AnnouncerParts {
  readonly store: Pick<PresenceStore, "write">;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly signal: AbortSignal;
  /** What is to be said of a user in a channel now. */
  readonly spoken: (channel: string, userId: string) => Spoken | undefined;
  /** The incarnation that this node speaks as; nothing while it has none. */
  readonly incarnation: () => string | undefined;
  /** The ground says that the incarnation has ended. */
  readonly onEnded: (incarnation: string) => void;
}

/** Writes what is said of users to the ground: only what is different, many at a time, and again until it is written. */
export interface Announcer {
  /** What is said of a user in a channel may be something else now. */
  mark(channel: string, userId: string): void;
  /** The ground may answer again: what waits is tried at once. */
  resume(): void;
  /** Whether everything that was marked is written. */
  isDone(): boolean;
}

/** How long words are gathered before they are written: those who come together are told together. */
const GATHER_MS = 5;

/** The pause after a failure. */
const RETRY_MS = 250;

const USERS_AT_ONCE = 100;
const CHANNELS_AT_ONCE = 32;

/** Makes an announcer with nothing to write. */
export function createAnnouncer(parts: AnnouncerParts): Announcer {
  const { store, clock, tasks, signal } = parts;
  const waiting = new Map<string, Set<string>>();
  const writing = new Set<string>();
  let planned = false;
  let heldBack = false;

  function add(channel: string, userIds: Iterable<string>): void {
    const users = waiting.get(channel) ?? new Set();
    for (const userId of userIds) users.add(userId);
    waiting.set(channel, users);
  }

  function take(channel: string, users: Set<string>): string[] {
    const taken: string[] = [];
    for (const userId of users) {
      if (taken.length >= USERS_AT_ONCE) break;
      taken.push(userId);
      users.delete(userId);
    }
    if (users.size === 0) waiting.delete(channel);
    return taken;
  }

  function toWrite(channel: string, userId: string): PresenceWrite {
    const spoken = parts.spoken(channel, userId);
    return spoken ? { userId, state: spoken.state, meta: spoken.meta } : { userId };
  }

  async function write(channel: string, userIds: readonly string[], incarnation: string): Promise<void> {
    const users = userIds.map((userId) => toWrite(channel, userId));
    try {
      if (await store.write({ incarnation, channel, users })) return;
      add(channel, userIds);
      parts.onEnded(incarnation);
    } catch {
      // It may have been written or not: saying it again changes nothing.
      add(channel, userIds);
      holdBack();
    } finally {
      writing.delete(channel);
      plan();
    }
  }

  function holdBack(): void {
    if (heldBack) return;
    heldBack = true;
    clock.after(RETRY_MS, resume);
  }

  function resume(): void {
    heldBack = false;
    plan();
  }

  function pump(): void {
    planned = false;
    const incarnation = parts.incarnation();
    if (incarnation === undefined || heldBack || signal.aborted) return;
    for (const [channel, users] of waiting) {
      if (writing.size >= CHANNELS_AT_ONCE) return;
      if (writing.has(channel)) continue;
      writing.add(channel);
      tasks.track(write(channel, take(channel, users), incarnation));
    }
  }

  function plan(): void {
    if (planned || waiting.size === 0 || signal.aborted) return;
    planned = true;
    clock.after(GATHER_MS, pump);
  }

  return {
    mark(channel, userId) {
      add(channel, [userId]);
      plan();
    },
    resume,
    isDone: () => waiting.size === 0 && writing.size === 0,
  };
}
