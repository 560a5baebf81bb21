import { LiveError, formatCursor } from "@livecache/wire";
import type { PresenceDiffFrame } from "@livecache/wire";
import type { Cancel, Clock } from "../base/clock.ts";
import type { Tasks } from "../base/tasks.ts";
import type { Listening } from "../ports/ephemeral-lane.ts";
import { MAX_LISTED } from "../ports/presence-store.ts";
import type { KeptDiff, KeptPage, PageQuery, PresenceStore } from "../ports/presence-store.ts";
import { copyView, cutPage, takeDiff, toFrame, toView, usersInOrder } from "./view.ts";
import type { View } from "./view.ts";

/** What following needs from its surroundings. */
export interface FollowedParts {
  readonly store: Pick<PresenceStore, "follow" | "page">;
  readonly clock: Clock;
  readonly tasks: Tasks;
  /** Whether the ground answers. */
  readonly isHere: () => boolean;
  /** Tells this node's members of the channel, and those who listen on the server. */
  readonly tell: (frame: PresenceDiffFrame) => void;
}

/** A page of a channel, and whether it may be old. */
export interface FollowedPage extends KeptPage {
  readonly stale: boolean;
}

/** At most so often are members told: who came and went in between is told at once. Without lists it is only a number. */
const TELL_EVERY_MS = 100;
const COUNT_EVERY_MS = 500;

/** After a loss all nodes say again who is there. It takes them a renewal, and some time to notice. */
const SETTLE_MS = 2_500;

const RETRY_MS = 500;

/** How long a page of many users is handed out, and how many different ones. */
const PAGE_KEPT_MS = 1_000;
const MOST_PAGES = 64;

/** One channel whose users this node follows, until it is closed. */
export class FollowedChannel {
  readonly #channel: string;
  readonly #parts: FollowedParts;
  #current: View | undefined;
  /** What clients hold. */
  #told: View | undefined;
  #stale = false;
  /** How often what is known was frozen. */
  #freezes = 0;
  #closed = false;
  #listening: Promise<Listening> | undefined;
  #loading: Promise<void> | undefined;
  /** Steps that came while the channel is read. */
  #early: KeptDiff[] = [];
  /** Pages of many users, by whom they begin after; the first is the oldest. */
  readonly #pages = new Map<string, { readonly atMs: number; readonly read: Promise<KeptPage> }>();
  #toldMs = Number.NEGATIVE_INFINITY;
  #cancelTell: Cancel | undefined;
  #cancelLoad: Cancel | undefined;

  constructor(channel: string, parts: FollowedParts) {
    this.#channel = channel;
    this.#parts = parts;
    this.#loadSoon(0);
  }

  /**
   * One page. Of users who are followed one by one it is at the version that was told last; pages of more come from the ground, each at most
   * once a second. Rejects as the ground does while nothing is known yet, and with `LIVE_LIMIT_REACHED` when too many different pages are asked
   * for.
   */
  async page(query: PageQuery): Promise<FollowedPage> {
    if (!this.#told) await this.#load();
    if (!this.#told) {
      throw new LiveError("LIVE_GROUND_AWAY", `Nobody knows yet who is in "${this.#channel}".`);
    }
    const { version, count, users } = this.#told;
    const stale = this.#stale;
    if (users) return { version, count, ...cutPage(usersInOrder(users), query), stale };
    if (stale) return { version, count, users: [], stale };
    const page = await this.#readPage(query.after);
    if (page.users.length <= query.limit) return { ...page, stale };
    return { ...page, ...cutPage(page.users, { limit: query.limit }), stale };
  }

  /** The ground is away: what is known stays as it is, and is marked. */
  freeze(): void {
    if (this.#stale || this.#closed) return;
    this.#stale = true;
    this.#freezes++;
    this.#cancelTell?.();
    this.#cancelTell = undefined;
    this.#tellStale();
  }

  /** What is known may be old: it is read anew. After a loss only when everybody had the time to say again who is there. */
  recover(after: "hole" | "loss"): void {
    if (after === "loss") this.freeze();
    this.#loadSoon(after === "loss" ? SETTLE_MS : 0);
  }

  /** Compares the version with the ground's; for steps that got lost and are followed by none. Rejects as the ground does. */
  async check(): Promise<void> {
    if (!this.#current || this.#stale || this.#loading) return;
    const { version } = await this.#parts.store.page(this.#channel, { limit: 1 });
    if (this.#stale || this.#loading) return;
    const held = this.#current.version;
    if (version.epoch !== held.epoch) this.recover("loss");
    else if (version.offset > held.offset) this.recover("hole");
  }

  /** Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelTell?.();
    this.#cancelLoad?.();
    this.#parts.tasks.track(endListening(this.#listening));
  }

  #onDiff(diff: KeptDiff): void {
    if (this.#closed || this.#stale) return;
    if (this.#loading) return void this.#early.push(diff);
    if (!this.#current) return;
    const outcome = takeDiff(this.#current, diff);
    if (outcome === "taken") this.#tellSoon();
    if (outcome === "hole") this.recover("hole");
    if (outcome === "epoch") this.recover("loss");
  }

  #tellSoon(): void {
    const { clock } = this.#parts;
    const everyMs = this.#current?.users ? TELL_EVERY_MS : COUNT_EVERY_MS;
    const waitMs = this.#toldMs + everyMs - clock.now();
    if (waitMs <= 0) this.#tellNow();
    else this.#cancelTell ??= clock.after(waitMs, () => this.#tellNow());
  }

  #tellNow(): void {
    this.#cancelTell = undefined;
    if (this.#closed || this.#stale || !this.#current || !this.#told) return;
    const frame = toFrame(this.#channel, this.#told, this.#current);
    if (!frame) return;
    this.#told = copyView(this.#current);
    this.#toldMs = this.#parts.clock.now();
    this.#parts.tell(frame);
  }

  #tellStale(): void {
    if (!this.#told) return;
    const { version, count, users } = this.#told;
    const place = { channel: this.#channel, version: formatCursor(version), count, stale: this.#stale };
    const nobody = { joined: [], left: [], changed: [] };
    this.#parts.tell(users ? { ...place, from: place.version, ...nobody } : place);
  }

  /** Reads the channel anew; one at a time. */
  #load(): Promise<void> {
    this.#cancelLoad?.();
    this.#cancelLoad = undefined;
    if (!this.#loading) {
      this.#early = [];
      this.#loading = this.#read().finally(() => (this.#loading = undefined));
    }
    return this.#loading;
  }

  #loadSoon(afterMs: number): void {
    if (this.#closed || this.#cancelLoad) return;
    const { clock, tasks, isHere } = this.#parts;
    this.#cancelLoad = clock.after(afterMs, () => {
      this.#cancelLoad = undefined;
      if (this.#closed) return;
      const retry = (): void => {
        if (isHere()) this.#loadSoon(RETRY_MS);
      };
      tasks.track(this.#load().catch(retry));
    });
  }

  async #read(): Promise<void> {
    const begun = this.#freezes;
    await this.#listen();
    const view = toView(await this.#parts.store.page(this.#channel, { limit: MAX_LISTED, asTold: true }));
    // What was asked before a freeze may be from before what it waits for.
    if (this.#closed || begun !== this.#freezes) return;
    const outcomes = this.#early.splice(0).map((diff) => takeDiff(view, diff));
    this.#current = view;
    this.#pages.clear();
    if (this.#stale) {
      this.#stale = false;
      this.#tellStale();
    }
    this.#told ??= copyView(view);
    this.#tellSoon();
    if (outcomes.some((outcome) => outcome === "hole" || outcome === "epoch")) this.#loadSoon(RETRY_MS);
  }

  /** Follows the channel, unless it does. Whoever could not tries again next time. */
  async #listen(): Promise<void> {
    const { store } = this.#parts;
    this.#listening ??= store.follow(this.#channel, (diff) => this.#onDiff(diff));
    try {
      await this.#listening;
    } catch (error) {
      this.#listening = undefined;
      throw error;
    }
  }

  #readPage(after = ""): Promise<KeptPage> {
    const nowMs = this.#parts.clock.now();
    for (const [key, { atMs }] of this.#pages) {
      if (nowMs - atMs < PAGE_KEPT_MS) break;
      this.#pages.delete(key);
    }
    const known = this.#pages.get(after);
    if (known) return known.read;
    // The first page is always to be had.
    if (this.#pages.size >= MOST_PAGES && after !== "") {
      const message = `presence: more than ${MOST_PAGES} different pages of "${this.#channel}" are asked for in a second.`;
      throw new LiveError("LIVE_LIMIT_REACHED", message);
    }
    const query = { limit: MAX_LISTED, after: after === "" ? undefined : after };
    const asked = { atMs: nowMs, read: this.#parts.store.page(this.#channel, query) };
    this.#pages.set(after, asked);
    asked.read.catch(() => {
      if (this.#pages.get(after) === asked) this.#pages.delete(after);
    });
    return asked.read;
  }
}

async function endListening(listening: Promise<Listening> | undefined): Promise<void> {
  const followed = await listening?.catch(() => undefined);
  await followed?.close();
}
