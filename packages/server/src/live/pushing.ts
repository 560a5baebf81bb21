import { diffJson, formatPosition, reaches } from "@livecache/wire";
import type { BodyFrame, Position } from "@livecache/wire";
import { sleep } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import { dependenciesOf } from "../base/names.ts";
import type { Tasks } from "../base/tasks.ts";
import type { Claim, Verdict } from "../ports/change-log.ts";
import type { ByteRoom } from "./byte-room.ts";
import { parsePushable } from "./pushable-json.ts";
import type { PushSources, PushableBody } from "./push-sources.ts";
import type { QueryTokens } from "./query-token.ts";
import { pauseAfterPush } from "./spread.ts";
import type { Turns } from "./turns.ts";
import type { GroupKind, WatchGroup } from "./watch-group.ts";
import type { StaleNotice } from "./watch-index.ts";

/** What pushing needs from its surroundings. */
export interface PushingParts {
  readonly sources: PushSources;
  readonly tokens: QueryTokens;
  readonly baseRoom: ByteRoom;
  /** Lets so many responses of this node be made at a time. */
  readonly turns: Turns;
  readonly judge: (claim: Claim) => Promise<Verdict>;
  readonly clock: Clock;
  readonly tasks: Tasks;
  /** Aborted when the hub closes. */
  readonly signal: AbortSignal;
}

/** The body that the watchers of a group hold. */
type Base = Pick<PushableBody, "bytes" | "etag" | "position">;

/** From so many watchers on, a node that cannot make a response waits until another node has. */
const WORTH_WAITING = 100;

/** When such a node looks, after each other. */
const LOOKS_AFTER_MS = [25, 50, 100, 200, 400];

/** How long watchers wait for a body before they are told to fetch for themselves. */
const PATIENCE_MS = 1_000;

/** How often a response is made again because a watcher holds a newer one. */
const MAX_ROUNDS = 3;

/**
 * Keeps a group up to date by sending what the response has become. One body is got at a time: whatever changes meanwhile is covered by
 * the next. What cannot be pushed is told as stale, which ends the group. A body is sent only if it is at least as new as the change,
 * and as whatever any watcher holds.
 */
export class Pushing implements GroupKind {
  readonly #parts: PushingParts;
  readonly #key: string;
  /** The change that no body sent so far includes. */
  #wanted: StaleNotice | undefined;
  #isRunning = false;
  /** The newest body that any watcher holds is as of this position. */
  #newest: Position;
  #base: Base | undefined;
  /** Every watcher holds the base, or what is as of this position. */
  #shared: Position;
  /** Whether that is so. */
  #isShared = true;

  constructor(parts: PushingParts, first: { key: string; position: Position }) {
    this.#parts = parts;
    this.#key = first.key;
    this.#newest = first.position;
    this.#shared = first.position;
  }

  onAdmitted(position: Position): void {
    if (isOlder(this.#newest, position)) this.#newest = position;
    if (this.#isShared && !this.#isOfBase(position)) this.#isShared = false;
  }

  onStale(group: WatchGroup, notice: StaleNotice): void {
    this.#wanted = notice;
    // It stays watched, so that no later change is missed while the body is got.
    group.moveTo({ position: notice.position, tags: group.claim.tags });
    if (!this.#isRunning) this.#parts.tasks.track(this.#run(group));
  }

  onOver(): void {
    this.#hold(undefined);
  }

  async #run(group: WatchGroup): Promise<void> {
    const { clock, signal } = this.#parts;
    this.#isRunning = true;
    let round = 1;
    while (this.#wanted && !group.isOver && !signal.aborted) {
      const notice = this.#wanted;
      const fence = reaches(this.#newest, notice.position) ? this.#newest : notice.position;
      const body = await this.#inTime(this.#get(group, fence));
      if (group.isOver || signal.aborted) break;
      const isNew = body !== undefined && reaches(body.position, notice.position);
      if (isNew && isOlder(body.position, this.#newest) && round++ < MAX_ROUNDS) continue;
      if (!isNew || isOlder(body.position, this.#newest) || !this.#push(group, body, notice)) {
        group.end(this.#wanted, group.size());
        break;
      }
      round = 1;
      await sleep(clock, pauseAfterPush(group.size()), signal);
    }
    this.#isRunning = false;
  }

  /** What the work comes to, or `undefined` when that takes too long. It must not reject. */
  #inTime<T>(work: Promise<T>): Promise<T | undefined> {
    return new Promise((resolve) => {
      const cancel = this.#parts.clock.after(PATIENCE_MS, () => resolve(undefined));
      void work.then((came) => {
        cancel();
        resolve(came);
      });
    });
  }

  /** Never rejects. */
  async #get(group: WatchGroup, fence: Position): Promise<PushableBody | undefined> {
    const { sources, turns } = this.#parts;
    const render = sources.renderOf(this.#key);
    if (!render) return group.size() < WORTH_WAITING ? undefined : this.#await(fence);
    const endTurn = await turns.take();
    try {
      return await render(fence);
    } catch {
      sources.drop(this.#key);
      return undefined;
    } finally {
      endTurn();
    }
  }

  /** Looks until another node has made the response. */
  async #await(fence: Position): Promise<PushableBody | undefined> {
    const { sources, clock, signal } = this.#parts;
    for (const waitMs of LOOKS_AFTER_MS) {
      await sleep(clock, waitMs, signal);
      const body = await sources.reader.find(this.#key, fence).catch(() => undefined);
      if (body && reaches(body.position, fence)) return body;
    }
    return undefined;
  }

  /** Whether the body, which was asked for because of `notice`, could be sent. */
  #push(group: WatchGroup, body: PushableBody, notice: StaleNotice): boolean {
    const { position, tags, etag } = body;
    const value = parsePushable(body.bytes);
    const key = this.#key;
    const token = this.#parts.tokens.mint({ key, tags, position, vary: [], digest: "all", push: true });
    if (value === undefined || token === undefined) return false;
    // While the ground is away a node makes responses anew without getting any further in the log.
    const isKnown = this.#isShared && isEqual(this.#base, body);
    const frame: BodyFrame = {
      id: group.id,
      position: formatPosition(position),
      token,
      etag,
      ...this.#contentOf(body, value),
    };
    this.#newest = position;
    if (isCovered(this.#wanted, position, notice)) this.#wanted = undefined;
    this.#hold(body);
    this.#shared = position;
    this.#isShared = true;
    this.#watchAs(group, { position, tags: dependenciesOf(key, tags) });
    if (!isKnown) group.audience.tell("body", frame);
    return true;
  }

  /** The whole body, or what is different in it if that is shorter. */
  #contentOf(body: PushableBody, value: unknown): Pick<BodyFrame, "body" | "delta" | "from"> {
    const base = this.#isShared ? this.#base : undefined;
    if (!base) return { body: value };
    if (Buffer.compare(base.bytes, body.bytes) === 0) return { delta: [], from: base.etag };
    const delta = diffJson(parsePushable(base.bytes), value);
    if (!delta || Buffer.byteLength(JSON.stringify(delta)) >= body.bytes.length) return { body: value };
    return { delta, from: base.etag };
  }

  /** The group stands at the new body. Tags that it did not watch until now may have moved since that was made. */
  #watchAs(group: WatchGroup, claim: Claim): void {
    const before = new Set(group.claim.tags);
    group.moveTo(claim);
    if (claim.tags.every((tag) => before.has(tag))) return;
    const { judge, tasks } = this.#parts;
    const doubt = (): void => {
      if (!group.isOver && group.claim === claim) group.onStale({ position: claim.position }, group.size());
    };
    tasks.track(judge(claim).then((verdict) => verdict === "valid" || doubt(), doubt));
  }

  #hold(body: PushableBody | undefined): void {
    const { baseRoom } = this.#parts;
    if (this.#base) baseRoom.give(this.#base.bytes.length);
    const fits = body !== undefined && baseRoom.take(body.bytes.length);
    this.#base = fits ? { bytes: body.bytes, etag: body.etag, position: body.position } : undefined;
  }

  /** Whether a watcher who holds the response as of `position` holds what all others do; it may have been made anew without any change. */
  #isOfBase(position: Position): boolean {
    const isSameAsOthers = isSame(position, this.#shared);
    if (isSameAsOthers && this.#base) return true;
    const body = this.#parts.sources.reader.peek(this.#key);
    if (!body || !isSame(body.position, position)) return isSameAsOthers;
    if (isSameAsOthers) this.#hold(body);
    return isSameAsOthers || (this.#base !== undefined && Buffer.compare(body.bytes, this.#base.bytes) === 0);
  }
}

/**
 * Whether a body as of `position` that was asked for because of `notice` includes what is wanted now. A change that waits for the ground has
 * no position of its own, so a body that was asked for before it is not known to include it.
 */
function isCovered(wanted: StaleNotice | undefined, position: Position, notice: StaleNotice): boolean {
  return wanted === notice || (wanted?.changeId !== undefined && reaches(position, wanted.position));
}

/** Whether both can be compared, and the first is older. */
function isOlder(a: Position, b: Position): boolean {
  return a.epoch === b.epoch && a.seq < b.seq;
}

/** Whether both are the same body as of the same position. */
function isEqual(a: Base | undefined, b: Base): boolean {
  return a !== undefined && isSame(a.position, b.position) && Buffer.compare(a.bytes, b.bytes) === 0;
}

function isSame(a: Position, b: Position): boolean {
  return a.seq === b.seq && a.epoch === b.epoch;
}
