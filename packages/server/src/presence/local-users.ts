import type { PresenceState } from "@livecache/wire";

/** What one connection says of its user; what is absent was not said. `meta` is JSON, and `null` takes it back. */
export interface Words {
  readonly state?: PresenceState | undefined;
  readonly meta?: string | null | undefined;
}

/** What the connections of this node say of a user in a channel, taken together. */
export interface Spoken {
  readonly state: PresenceState;
  readonly meta: string | undefined;
}

/** One connection of a user, and where it is. */
export interface LocalConnection {
  readonly userId: string;
  enter(channel: string): void;
  leave(channel: string): void;
  /** Says something in one channel; without a channel everywhere, also in those that are entered later. */
  say(words: Words, channel?: string): void;
  /** Leaves everything. Idempotent. */
  close(): void;
}

/** The users of this node's connections, channel by channel. A user who leaves is there for the grace still, as they were. */
export interface LocalUsers {
  connect(userId: string): LocalConnection;
  /** What is to be said of a user in a channel now; nothing when they are not there. */
  spoken(channel: string, userId: string): Spoken | undefined;
  /** Every user in every channel. */
  all(): Iterable<readonly [channel: string, userId: string]>;
  channels(): Iterable<string>;
  /** Ends the grace of those who left up to then. Answers when the next one ends. */
  expire(nowMs: number): number | undefined;
  /** How many users are in channels, those in their grace included. */
  size(): number;
}

/** What the users of a node need from their surroundings. */
export interface LocalUsersParts {
  readonly graceMs: number;
  /** Most users in channels, all channels together. */
  readonly maxUsers: number;
  readonly now: () => number;
  /** What is to be said of a user in a channel is something else now. */
  readonly onChange: (channel: string, userId: string) => void;
  /** A user has left, and the grace begins. */
  readonly onGrace: () => void;
  /** A user is not announced, because there are too many. */
  readonly onLimit: () => void;
}

interface Said {
  state: PresenceState | undefined;
  meta: string | null | undefined;
  /** When `meta` was said, counted over all connections. */
  order: number;
}

interface Speaker {
  readonly general: Said;
  readonly places: Map<string, Said>;
}

interface LocalUser {
  readonly speakers: Set<Speaker>;
  /** How often the grace has begun and not ended. */
  graces: number;
  /** What was said last before the grace began. */
  last: Spoken | undefined;
  /** What others were told to say. */
  announced: Spoken | undefined;
}

/** Makes an empty set of users. */
export function createLocalUsers(parts: LocalUsersParts): LocalUsers {
  const { graceMs, maxUsers, now, onChange } = parts;
  const channels = new Map<string, Map<string, LocalUser>>();
  /** Those whose grace runs, the first to end first: it is equally long for all. */
  const leaving: Leaving[] = [];
  let size = 0;

  function find(channel: string, userId: string): LocalUser | undefined {
    return channels.get(channel)?.get(userId);
  }

  /** Another tab of a user makes no difference, as a rule. */
  function announce(channel: string, userId: string): void {
    const user = find(channel, userId);
    if (!user) return;
    const spoken = spokenBy(channel, user);
    if (user.announced?.state === spoken?.state && user.announced?.meta === spoken?.meta) return;
    user.announced = spoken;
    onChange(channel, userId);
  }

  function enter(channel: string, userId: string, speaker: Speaker): void {
    const known = find(channel, userId);
    if (!known && size >= maxUsers) return parts.onLimit();
    const user = known ?? { speakers: new Set(), graces: 0, last: undefined, announced: undefined };
    user.speakers.add(speaker);
    if (!known) {
      const users = channels.get(channel) ?? new Map<string, LocalUser>();
      channels.set(channel, users.set(userId, user));
      size++;
    }
    announce(channel, userId);
  }

  function drop(channel: string, userId: string): void {
    const users = channels.get(channel);
    if (!users?.delete(userId)) return;
    size--;
    if (users.size === 0) channels.delete(channel);
    onChange(channel, userId);
  }

  function leave(channel: string, userId: string, speaker: Speaker): void {
    const user = find(channel, userId);
    if (!user?.speakers.has(speaker)) return;
    if (user.speakers.size === 1) user.last = together(channel, user.speakers);
    user.speakers.delete(speaker);
    if (user.speakers.size > 0) return announce(channel, userId);
    if (graceMs === 0) return drop(channel, userId);
    user.graces++;
    leaving.push({ channel, userId, endsMs: now() + graceMs });
    if (leaving.length === 1) parts.onGrace();
  }

  const places: Places = { enter, leave, announce };
  const counter = { order: 0 };
  return {
    connect: (userId) => createConnection(userId, places, counter),
    spoken(channel, userId) {
      const user = find(channel, userId);
      return user && spokenBy(channel, user);
    },
    *all() {
      for (const [channel, users] of channels) for (const userId of users.keys()) yield [channel, userId];
    },
    channels: () => channels.keys(),
    expire(nowMs) {
      let ended = 0;
      while (ended < leaving.length && leaving[ended]!.endsMs <= nowMs) ended++;
      for (const { channel, userId } of leaving.splice(0, ended)) {
        const user = find(channel, userId)!;
        // Who came back, and left again, has another grace.
        if (--user.graces === 0 && user.speakers.size === 0) drop(channel, userId);
      }
      return leaving[0]?.endsMs;
    },
    size: () => size,
  };
}

interface Leaving {
  readonly channel: string;
  readonly userId: string;
  readonly endsMs: number;
}

interface Places {
  enter(channel: string, userId: string, speaker: Speaker): void;
  leave(channel: string, userId: string, speaker: Speaker): void;
  announce(channel: string, userId: string): void;
}

function createConnection(userId: string, all: Places, counter: { order: number }): LocalConnection {
  const speaker: Speaker = { general: emptySaid(), places: new Map() };
  const { general, places } = speaker;
  return {
    userId,
    enter(channel) {
      if (places.has(channel)) return;
      places.set(channel, emptySaid());
      all.enter(channel, userId, speaker);
    },
    leave(channel) {
      if (!places.has(channel)) return;
      all.leave(channel, userId, speaker);
      places.delete(channel);
    },
    say(words, channel) {
      const said = channel === undefined ? general : places.get(channel);
      if (!said) return;
      note(said, words, ++counter.order);
      if (channel !== undefined) return all.announce(channel, userId);
      for (const [name, place] of places) {
        // What is said for everywhere is said for here too.
        if (words.state !== undefined) place.state = undefined;
        if (words.meta !== undefined) place.meta = undefined;
        all.announce(name, userId);
      }
    },
    close() {
      for (const channel of places.keys()) all.leave(channel, userId, speaker);
      places.clear();
    },
  };
}

function emptySaid(): Said {
  return { state: undefined, meta: undefined, order: 0 };
}

function note(said: Said, { state, meta }: Words, order: number): void {
  if (state !== undefined) said.state = state;
  if (meta === undefined) return;
  said.meta = meta;
  said.order = order;
}

function spokenBy(channel: string, { speakers, last }: LocalUser): Spoken | undefined {
  return speakers.size > 0 ? together(channel, speakers) : last;
}

function together(channel: string, speakers: Iterable<Speaker>): Spoken {
  let state: PresenceState = "away";
  let meta: string | undefined;
  let newest = 0;
  for (const { general, places } of speakers) {
    const place = places.get(channel);
    if ((place?.state ?? general.state ?? "online") === "online") state = "online";
    const said = place?.meta === undefined ? general : place;
    if (typeof said.meta !== "string" || said.order <= newest) continue;
    newest = said.order;
    meta = said.meta;
  }
  return { state, meta };
}
