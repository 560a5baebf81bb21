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

/** What was said in one place. What nothing was said of shares {@link SILENCE}. */
interface Said {
  readonly state: PresenceState | undefined;
  readonly meta: string | null | undefined;
  /** When `meta` was said, counted over all connections. */
  readonly order: number;
}

const SILENCE: Said = { state: undefined, meta: undefined, order: 0 };

const NOWHERE: readonly string[] = [];

/** Most users say nothing of themselves. */
const PLAIN: Readonly<Record<PresenceState, Spoken>> = {
  online: { state: "online", meta: undefined },
  away: { state: "away", meta: undefined },
};

interface LocalUser {
  /** Seldom more than a few. */
  readonly speakers: Speaker[];
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
  let order = 0;

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
    if (known) {
      known.speakers.push(speaker);
      return announce(channel, userId);
    }
    if (size >= maxUsers) return parts.onLimit();
    // A list that begins with one is half as large as one that is added to.
    const user: LocalUser = { speakers: [speaker], graces: 0, last: undefined, announced: undefined };
    const users = channels.get(channel) ?? new Map<string, LocalUser>();
    channels.set(channel, users.set(userId, user));
    size++;
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
    const at = user?.speakers.indexOf(speaker) ?? -1;
    if (!user || at < 0) return;
    if (user.speakers.length === 1) user.last = together(channel, user.speakers);
    user.speakers.splice(at, 1);
    if (user.speakers.length > 0) return announce(channel, userId);
    if (graceMs === 0) return drop(channel, userId);
    user.graces++;
    leaving.push({ channel, userId, endsMs: now() + graceMs });
    if (leaving.length === 1) parts.onGrace();
  }

  const places: Places = { enter, leave, announce, nextOrder: () => ++order };
  return {
    connect: (userId) => new Speaker(userId, places),
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
        if (--user.graces === 0 && user.speakers.length === 0) drop(channel, userId);
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
  /** Counts what is said, over all connections. */
  nextOrder(): number;
}

/** One connection, with as little as can be: there are many. */
class Speaker implements LocalConnection {
  readonly userId: string;
  private readonly all: Places;
  private general = SILENCE;
  /** Where it is. Seldom more than a few. */
  private places: readonly string[] = NOWHERE;
  /** What it said in one place; made when it says something. */
  private said: Map<string, Said> | undefined = undefined;

  constructor(userId: string, all: Places) {
    this.userId = userId;
    this.all = all;
  }

  enter(channel: string): void {
    if (this.places.includes(channel)) return;
    // As long as need be: a list that is added to keeps room for many.
    this.places = [...this.places, channel];
    this.all.enter(channel, this.userId, this);
  }

  leave(channel: string): void {
    if (!this.places.includes(channel)) return;
    this.all.leave(channel, this.userId, this);
    this.places = this.places.filter((place) => place !== channel);
    this.said?.delete(channel);
  }

  say(words: Words, channel?: string): void {
    if (channel !== undefined) {
      if (!this.places.includes(channel)) return;
      this.keep(channel, saying(this.saidIn(channel), words, this.all));
      return this.all.announce(channel, this.userId);
    }
    this.general = saying(this.general, words, this.all);
    for (const name of this.places) {
      // What is said for everywhere is said for here too.
      const place = this.saidIn(name);
      const state = words.state === undefined ? place.state : undefined;
      const meta = words.meta === undefined ? place.meta : undefined;
      if (place !== SILENCE) this.keep(name, { state, meta, order: place.order });
      this.all.announce(name, this.userId);
    }
  }

  stateIn(channel: string): PresenceState {
    return this.saidIn(channel).state ?? this.general.state ?? "online";
  }

  /** What it said last of itself, and when. */
  metaIn(channel: string): Said {
    const place = this.saidIn(channel);
    return place.meta === undefined ? this.general : place;
  }

  close(): void {
    for (const channel of this.places) this.all.leave(channel, this.userId, this);
    this.places = NOWHERE;
    this.said = undefined;
  }

  private saidIn(channel: string): Said {
    return this.said?.get(channel) ?? SILENCE;
  }

  private keep(channel: string, said: Said): void {
    this.said = (this.said ?? new Map<string, Said>()).set(channel, said);
  }
}

function saying(said: Said, { state, meta }: Words, all: Places): Said {
  const order = meta === undefined ? said.order : all.nextOrder();
  return { state: state ?? said.state, meta: meta === undefined ? said.meta : meta, order };
}

function spokenBy(channel: string, { speakers, last }: LocalUser): Spoken | undefined {
  return speakers.length > 0 ? together(channel, speakers) : last;
}

function together(channel: string, speakers: readonly Speaker[]): Spoken {
  let state: PresenceState = "away";
  let meta: string | undefined;
  let newest = 0;
  for (const speaker of speakers) {
    if (speaker.stateIn(channel) === "online") state = "online";
    const said = speaker.metaIn(channel);
    if (typeof said.meta !== "string" || said.order <= newest) continue;
    newest = said.order;
    meta = said.meta;
  }
  return meta === undefined ? PLAIN[state] : { state, meta };
}
