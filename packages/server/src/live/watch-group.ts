import { formatPosition, reaches } from "@livecache/wire";
import type { Position, StaleFrame } from "@livecache/wire";
import type { Broadcast } from "../base/conversation.ts";
import { dependenciesOf } from "../base/names.ts";
import type { Claim, Verdict } from "../ports/change-log.ts";
import type { QueryClaim } from "./query-token.ts";
import type { SlicedWork } from "./sliced-work.ts";
import { spreadMsOf } from "./spread.ts";
import { Audience } from "./watch-audience.ts";
import type { Watcher } from "./watch-audience.ts";
import type { StaleNotice, Watch, WatchIndex } from "./watch-index.ts";

/** How many watches and groups a node has. */
export interface WatchCount {
  watches: number;
  groups: number;
}

/** What groups need from their surroundings. */
export interface WatchGroupParts {
  readonly watches: WatchIndex;
  readonly work: SlicedWork;
  readonly broadcast: (told: Broadcast) => void;
  readonly judge: (claim: Claim) => Promise<Verdict>;
  /** Watches of the node: seats in all groups. */
  readonly count: WatchCount;
  /** Called once for each group, when it is over or empty. */
  readonly onOver: (group: WatchGroup) => void;
  /** Runs a task when doors have sent what they were given. */
  readonly later: (task: () => void) => void;
}

/** What keeps a group's response up to date. */
export interface GroupKind {
  /** The response has changed. `told`: as for {@link Watch.onStale}. */
  onStale(group: WatchGroup, notice: StaleNotice, told: number): void;
  /** Somebody is told from now on, whose response is as of `position`. */
  onAdmitted(position: Position): void;
  /** The group is over or empty. Called once. */
  onOver(): void;
}

/** What a group is made from. */
export interface GroupStart {
  readonly id: string;
  readonly name: string;
  /** The response of its first watcher. */
  readonly first: QueryClaim;
  readonly kind: GroupKind;
}

/** One connection's place in a group. */
export class Seat {
  /** The response that the connection holds is as of this position. */
  readonly position: Position;
  readonly #group: WatchGroup;
  readonly #watcher: Watcher;
  #notice: StaleNotice | undefined;

  constructor(group: WatchGroup, watcher: Watcher, position: Position) {
    this.#group = group;
    this.#watcher = watcher;
    this.position = position;
  }

  get id(): string {
    return this.#group.id;
  }

  get isOver(): boolean {
    return this.#group.isOver;
  }

  /** Set when the response changed before the seat was admitted. */
  get notice(): StaleNotice | undefined {
    return this.#notice;
  }

  note(notice: StaleNotice): void {
    this.#notice ??= notice;
  }

  /** Whether the response that the connection holds is still current. Rejects as the ground does. */
  judge(): Promise<Verdict> {
    return this.#group.judge(this.position);
  }

  /** From now on the connection is told. To be called in the turn of its answer. */
  admit(): void {
    this.#group.admit(this.#watcher, this.position);
  }

  /** Ends this connection's watch alone, and tells it so. */
  dismiss(notice: StaleNotice): void {
    if (this.#group.isWaiting(this.#watcher)) return this.note(notice);
    if (this.isOver) return;
    this.#watcher.peer.emit("stale", staleFrame(this.id, notice, 0));
    this.#watcher.ended(this.id);
    this.leave();
  }

  leave(): void {
    this.#group.leave(this.#watcher);
  }
}

/** All connections of this node that watch one response. It is in the index while anybody has a seat. */
export class WatchGroup implements Watch {
  readonly id: string;
  /** What those who belong into the same group have in common. */
  readonly name: string;
  readonly key: string;
  readonly audience: Audience;
  readonly #parts: WatchGroupParts;
  readonly #kind: GroupKind;
  /** Seats that are not admitted yet. */
  #waiting: Map<Watcher, Seat> | undefined;
  #claim: Claim;
  #isOver = false;
  #judging: { readonly position: Position; readonly verdict: Promise<Verdict> } | undefined;

  /** Makes a group of nobody, and puts it into the index. `id` is unique on this node. */
  constructor(parts: WatchGroupParts, { id, name, first, kind }: GroupStart) {
    this.id = id;
    this.name = name;
    this.key = first.key;
    this.audience = new Audience(id, parts.broadcast);
    this.#parts = parts;
    this.#kind = kind;
    this.#claim = { position: first.position, tags: dependenciesOf(first.key, first.tags) };
    parts.watches.add(this);
    parts.count.groups++;
  }

  get claim(): Claim {
    return this.#claim;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  size(): number {
    return this.audience.size() + (this.#waiting?.size ?? 0);
  }

  /** Whether the connection has a seat already: it gets no second one, because frames name the group. */
  has(watcher: Watcher): boolean {
    return this.audience.has(watcher) || this.isWaiting(watcher);
  }

  isWaiting(watcher: Watcher): boolean {
    return this.#waiting?.has(watcher) ?? false;
  }

  sit(watcher: Watcher, position: Position): Seat {
    const seat = new Seat(this, watcher, position);
    this.#parts.count.watches++;
    this.#waiting ??= new Map();
    this.#waiting.set(watcher, seat);
    return seat;
  }

  admit(watcher: Watcher, position: Position): void {
    this.#endWaiting(watcher);
    this.audience.admit(watcher);
    this.#kind.onAdmitted(position);
  }

  leave(watcher: Watcher): void {
    // Those of a group that is over are dismissed all together.
    if (this.#isOver || !this.has(watcher)) return;
    if (!this.#endWaiting(watcher)) this.audience.dismiss(watcher);
    this.#parts.count.watches--;
    if (this.size() === 0) this.#finish();
  }

  #endWaiting(watcher: Watcher): boolean {
    const wasWaiting = this.#waiting?.delete(watcher) ?? false;
    if (this.#waiting?.size === 0) this.#waiting = undefined;
    return wasWaiting;
  }

  #noteWaiting(notice: StaleNotice, isMeant: (seat: Seat) => boolean = () => true): void {
    for (const seat of this.#waiting?.values() ?? []) if (isMeant(seat)) seat.note(notice);
  }

  /**
   * Judges the response of this group as of `position`. Many ask at once after a break; one question is put for all of them, because
   * whoever comes while it is under way has been registered, with the group, since before it was put.
   */
  judge(position: Position): Promise<Verdict> {
    if (this.#judging && isSame(this.#judging.position, position)) return this.#judging.verdict;
    const judging = { position, verdict: this.#parts.judge({ position, tags: this.#claim.tags }) };
    this.#judging = judging;
    return judging.verdict.finally(() => {
      if (this.#judging === judging) this.#judging = undefined;
    });
  }

  onStale(notice: StaleNotice, told: number): void {
    this.#noteWaiting(notice);
    this.#kind.onStale(this, notice, told);
  }

  /** The response is now another one. Seats that were taken for an older one, and are not admitted yet, are noted. */
  moveTo(claim: Claim): void {
    if (this.#isOver) return;
    const { watches } = this.#parts;
    watches.delete(this);
    this.#claim = claim;
    this.#judging = undefined;
    watches.add(this);
    this.#noteWaiting({ position: claim.position }, (seat) => !reaches(seat.position, claim.position));
  }

  /** The watch is over: everybody is told. */
  end(notice: StaleNotice, told: number): void {
    if (this.#isOver) return;
    this.#noteWaiting(notice);
    this.#finish();
    this.#parts.work.add(this.#tellAll(staleFrame(this.id, notice, spreadMsOf(Math.max(told, this.size())))));
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#parts.count.watches -= this.size();
    this.#parts.count.groups--;
    this.#parts.watches.delete(this);
    this.#kind.onOver();
    this.#parts.onOver(this);
  }

  *#tellAll(frame: StaleFrame): Generator<void> {
    this.audience.tell("stale", frame);
    for (const watcher of this.audience.all()) {
      watcher.ended(this.id);
      yield;
    }
    // Not at once: a door may still be sending to the room, a part of it at a time.
    this.#parts.later(() => this.#parts.work.add(this.#dismissAll()));
  }

  *#dismissAll(): Generator<void> {
    for (const watcher of this.audience.all()) yield this.audience.dismiss(watcher);
  }
}

function isSame(a: Position, b: Position): boolean {
  return a.seq === b.seq && a.epoch === b.epoch;
}

function staleFrame(id: string, { position, changeId }: StaleNotice, spreadMs: number): StaleFrame {
  const frame: { -readonly [Field in keyof StaleFrame]: StaleFrame[Field] } = {
    id,
    position: formatPosition(position),
  };
  if (changeId !== undefined) frame.changeId = changeId;
  if (spreadMs > 0) frame.spreadMs = spreadMs;
  return frame;
}
