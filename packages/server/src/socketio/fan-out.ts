/** Something for the members of a channel, as the queue sees it. */
export interface Told {
  readonly channel: string;
  /** A later one of the same key makes one that has not begun unnecessary. */
  readonly key?: string | undefined;
  /** Is thrown away when too much waits. */
  readonly isDroppable: boolean;
}

/** What fanning out needs from its surroundings. */
export interface FanOutParts<Member, Item extends Told> {
  /** Milliseconds, with a fraction. */
  readonly now: () => number;
  /** Runs the task in another turn of the event loop, after whatever else is due. */
  readonly later: (task: () => void) => void;
  /** Hands one item to one member. Must not throw. */
  readonly deliver: (member: Member, item: Item) => void;
  /** There was no room for an item: the member has to get it in another way. Must not throw. */
  readonly miss: (member: Member, item: Item) => void;
  readonly limits: FanOutLimits;
}

/** Bounds of a fan-out. */
export interface FanOutLimits {
  /** How long one turn of the event loop may be used. */
  readonly turnMs: number;
  /** Most items that wait, over all channels. */
  readonly maxItems: number;
}

/**
 * Hands what is told to a channel to each of its members, a bounded time per turn of the event loop: large channels do not hold it.
 *
 * An item goes to those who are members when it is told and still are when it is their turn. For one member and channel the order is that of
 * the calls; whoever enters gets nothing from before, and nothing twice. Channels take turns, so a large one does not keep small ones waiting.
 */
export interface FanOut<Member, Item extends Told> {
  /** From now on the member gets what is told; of what still waits it gets nothing. */
  enter(channel: string, member: Member): void;
  exit(channel: string, member: Member): void;
  tell(item: Item): void;
  /** How many items have been told so far: each has its number. */
  told(): number;
  /** Whether nothing up to that number still waits in the channel. */
  hasPassed(channel: string, number: number): boolean;
  /** Items that are not with all their members yet. */
  waiting(): number;
}

/** One channel: its members with what had been told when they entered, and the items that are not with all of them. */
interface Lane<Member, Item> {
  readonly channel: string;
  readonly members: Map<Member, number>;
  readonly items: Queued<Item>[];
  /** How far the first item has come. */
  cursor: Iterator<[Member, number]> | undefined;
}

interface Queued<Item> {
  readonly item: Item;
  readonly number: number;
  skipped: boolean;
}

/** How many members are served between two looks at the clock, and before the next channel's turn. */
const SERVED_AT_ONCE = 32;

/** Makes a fan-out without members. */
export function createFanOut<Member, Item extends Told>(
  parts: FanOutParts<Member, Item>,
): FanOut<Member, Item> {
  return new Queue(parts);
}

class Queue<Member, Item extends Told> implements FanOut<Member, Item> {
  readonly #parts: FanOutParts<Member, Item>;
  readonly #lanes = new Map<string, Lane<Member, Item>>();
  readonly #busy = new Set<Lane<Member, Item>>();
  readonly #replaceable = new Map<string, Queued<Item>>();
  #told = 0;
  #waiting = 0;
  #spentMs = 0;
  #turnEnds = false;
  #isWorking = false;

  constructor(parts: FanOutParts<Member, Item>) {
    this.#parts = parts;
  }

  enter(channel: string, member: Member): void {
    let lane = this.#lanes.get(channel);
    if (!lane) {
      lane = { channel, members: new Map(), items: [], cursor: undefined };
      this.#lanes.set(channel, lane);
    }
    lane.members.set(member, this.#told);
  }

  exit(channel: string, member: Member): void {
    const lane = this.#lanes.get(channel);
    if (!lane) return;
    lane.members.delete(member);
    this.#forgetIfEmpty(lane);
  }

  tell(item: Item): void {
    const lane = this.#lanes.get(item.channel);
    if (!lane || lane.members.size === 0) return;
    const { turnMs, maxItems } = this.#parts.limits;
    if (this.#waiting >= maxItems) return this.#lose(lane, item);
    const queued: Queued<Item> = { item, number: ++this.#told, skipped: false };
    if (item.key !== undefined) this.#replaceOlder(item.key, queued);
    lane.items.push(queued);
    this.#waiting++;
    this.#busy.add(lane);
    // What is told while something is delivered has its turn behind that.
    if (this.#spentMs < turnMs && !this.#isWorking) this.#work();
  }

  told(): number {
    return this.#told;
  }

  hasPassed(channel: string, number: number): boolean {
    const first = this.#lanes.get(channel)?.items[0];
    return first === undefined || first.number > number;
  }

  waiting(): number {
    return this.#waiting;
  }

  /** Works until all is served or the turn's time is spent; what is left is for the next turn. */
  #work(): void {
    this.#isWorking = true;
    try {
      this.#serveInTurns();
    } finally {
      this.#isWorking = false;
    }
    if (this.#turnEnds) return;
    this.#turnEnds = true;
    this.#parts.later(() => this.#endTurn());
  }

  #serveInTurns(): void {
    const { now, limits } = this.#parts;
    const startedAt = now();
    const before = this.#spentMs;
    while (this.#busy.size > 0 && this.#spentMs < limits.turnMs) {
      for (const lane of this.#busy) {
        this.#serve(lane);
        this.#spentMs = before + now() - startedAt;
        if (this.#spentMs >= limits.turnMs) break;
      }
    }
  }

  #endTurn(): void {
    this.#turnEnds = false;
    this.#spentMs = 0;
    if (this.#busy.size > 0) this.#work();
  }

  /** Serves some members of the lane's first item. */
  #serve(lane: Lane<Member, Item>): void {
    const queued = lane.items[0]!;
    if (queued.skipped) return this.#finish(lane);
    const { item, number } = queued;
    if (lane.cursor === undefined && item.key !== undefined) this.#replaceable.delete(item.key);
    // Follows entering and leaving by itself, without a copy of the members.
    lane.cursor ??= lane.members.entries();
    for (let served = 0; served < SERVED_AT_ONCE; served++) {
      const next = lane.cursor.next();
      if (next.done) return this.#finish(lane);
      const [member, entered] = next.value;
      if (entered < number) this.#parts.deliver(member, item);
    }
  }

  #finish(lane: Lane<Member, Item>): void {
    lane.items.shift();
    lane.cursor = undefined;
    this.#waiting--;
    if (lane.items.length > 0) return;
    this.#busy.delete(lane);
    this.#forgetIfEmpty(lane);
  }

  #forgetIfEmpty(lane: Lane<Member, Item>): void {
    if (lane.members.size === 0 && lane.items.length === 0) this.#lanes.delete(lane.channel);
  }

  #replaceOlder(key: string, queued: Queued<Item>): void {
    const older = this.#replaceable.get(key);
    if (older) older.skipped = true;
    this.#replaceable.set(key, queued);
  }

  #lose(lane: Lane<Member, Item>, item: Item): void {
    if (item.isDroppable) return;
    for (const member of lane.members.keys()) this.#parts.miss(member, item);
  }
}
