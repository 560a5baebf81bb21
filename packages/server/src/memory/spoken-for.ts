import type { PresenceWrite } from "../ports/presence-store.ts";

/** Which users incarnations speak for, in which channels. */
export interface SpokenFor {
  note(incarnation: string, channel: string, write: PresenceWrite): void;
  has(incarnation: string): boolean;
  /** Some of the users, at most so many, by channel. */
  some(incarnation: string, most: number): [channel: string, userIds: string[]][];
}

/** Makes an empty register. */
export function createSpokenFor(): SpokenFor {
  const byIncarnation = new Map<string, Map<string, Set<string>>>();
  return {
    note(incarnation, channel, { userId, state }) {
      const channels = byIncarnation.get(incarnation) ?? new Map<string, Set<string>>();
      byIncarnation.set(incarnation, channels);
      const users = channels.get(channel) ?? new Set();
      channels.set(channel, users);
      if (state) users.add(userId);
      else users.delete(userId);
      if (users.size === 0) channels.delete(channel);
      if (channels.size === 0) byIncarnation.delete(incarnation);
    },
    has: (incarnation) => byIncarnation.has(incarnation),
    some(incarnation, most) {
      const found: [string, string[]][] = [];
      let left = most;
      for (const [channel, users] of byIncarnation.get(incarnation) ?? []) {
        if (left <= 0) break;
        const userIds = [...users].slice(0, left);
        left -= userIds.length;
        found.push([channel, userIds]);
      }
      return found;
    },
  };
}
