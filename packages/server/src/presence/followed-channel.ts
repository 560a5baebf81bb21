import { LiveError, formatCursor } from "@livecache/wire";
import type { PresenceDiffFrame } from "@livecache/wire";
import type { Cancel, Clock } from "../base/clock.ts";
import type { Tasks } from "../base/tasks.ts";
import type { Listening } from "../ports/ephemeral-lane.ts";
import { MAX_LISTED } from "../ports/presence-store.ts";
import type { KeptDiff, KeptPage, KeptUser, PresenceStore } from "../ports/presence-store.ts";
import { copyView, takeDiff, toFrame, toView } from "./view.ts";
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

/** The first page of a channel, as those who hold it are told what comes after. */
export interface FirstPage extends KeptPage {
  readonly stale: boolean;
}

/** One channel whose users this node follows. */
export interface FollowedChannel {
  /** The first page, at the version that was told last. Rejects as the ground does while nothing is known yet. */
  firstPage(): Promise<FirstPage>;
  /** The ground is away: what is known stays as it is, and is marked. */
  freeze(): void;
  /** What is known may be old: it is read anew. After a loss only when everybody had the time to say again who is there. */
  recover(after: "hole" | "loss"): void;
  /** Compares the version with the ground's; for steps that got lost and are followed by none. */
  check(): Promise<void>;
  close(): void;
}

/** At most so often are members told: who came and went in between is told at once. Without lists it is only a number. */
const TELL_EVERY_MS = 100;
const COUNT_EVERY_MS = 500;

/** After a loss all nodes say again who is there. It takes them a renewal, and some time to notice. */
const SETTLE_MS = 2_500;

const RETRY_MS = 500;

/** How long the first page of many users is handed out. */
const PAGE_KEPT_MS = 1_000;

/** Follows one channel, until it is closed. */
export function followChannel(channel: string, parts: FollowedParts): FollowedChannel {
  const { store, clock, tasks } = parts;
  let current: View | undefined;
  /** What clients hold. */
  let told: View | undefined;
  let stale = false;
  /** How often what is known was frozen. */
  let freezes = 0;
  let closed = false;
  let listening: Promise<Listening> | undefined;
  let loading: Promise<void> | undefined;
  let page: { readonly atMs: number; readonly read: Promise<KeptPage> } | undefined;
  let early: KeptDiff[] = [];
  let toldMs = Number.NEGATIVE_INFINITY;
  let cancelTell: Cancel | undefined;
  let cancelLoad: Cancel | undefined;

  function tellNow(): void {
    cancelTell = undefined;
    if (closed || stale || !current || !told) return;
    const frame = toFrame(channel, told, current);
    if (!frame) return;
    told = copyView(current);
    toldMs = clock.now();
    parts.tell(frame);
  }

  function tellSoon(): void {
    const everyMs = current?.users ? TELL_EVERY_MS : COUNT_EVERY_MS;
    const waitMs = toldMs + everyMs - clock.now();
    if (waitMs <= 0) tellNow();
    else cancelTell ??= clock.after(waitMs, tellNow);
  }

  function tellStale(): void {
    if (!told) return;
    const { version, count } = told;
    const place = { channel, version: formatCursor(version), count, stale };
    const nobody = { joined: [], left: [], changed: [] };
    parts.tell(told.users ? { ...place, from: place.version, ...nobody } : place);
  }

  function onDiff(diff: KeptDiff): void {
    if (closed || stale) return;
    if (loading) return void early.push(diff);
    if (!current) return;
    const outcome = takeDiff(current, diff);
    if (outcome === "taken") tellSoon();
    if (outcome === "hole") recover("hole");
    if (outcome === "epoch") recover("loss");
  }

  async function read(): Promise<void> {
    const begun = freezes;
    listening ??= store.follow(channel, onDiff);
    // Whoever could not follow tries again next time.
    await listening.catch((error: unknown) => {
      listening = undefined;
      throw error;
    });
    const view = toView(await store.page(channel, { limit: MAX_LISTED }));
    // What was asked before a freeze may be from before what it waits for.
    if (closed || begun !== freezes) return;
    const outcomes = early.splice(0).map((diff) => takeDiff(view, diff));
    current = view;
    page = undefined;
    if (stale) {
      stale = false;
      tellStale();
    }
    told ??= copyView(view);
    tellSoon();
    if (outcomes.some((outcome) => outcome === "hole" || outcome === "epoch")) loadSoon(RETRY_MS);
  }

  /** Reads the channel anew; one at a time. */
  function load(): Promise<void> {
    cancelLoad?.();
    cancelLoad = undefined;
    if (!loading) {
      early = [];
      loading = read().finally(() => (loading = undefined));
    }
    return loading;
  }

  function loadSoon(afterMs: number): void {
    if (closed || cancelLoad) return;
    cancelLoad = clock.after(afterMs, () => {
      cancelLoad = undefined;
      if (closed) return;
      tasks.track(
        load().catch(() => {
          if (parts.isHere()) loadSoon(RETRY_MS);
        }),
      );
    });
  }

  function freeze(): void {
    if (stale || closed) return;
    stale = true;
    freezes++;
    cancelTell?.();
    cancelTell = undefined;
    tellStale();
  }

  function recover(after: "hole" | "loss"): void {
    if (after === "loss") freeze();
    loadSoon(after === "loss" ? SETTLE_MS : 0);
  }

  /** The first page of more users than are followed one by one. */
  function readPage(): Promise<KeptPage> {
    if (page && clock.now() - page.atMs < PAGE_KEPT_MS) return page.read;
    const asked = { atMs: clock.now(), read: store.page(channel, { limit: MAX_LISTED }) };
    page = asked;
    asked.read.catch(() => {
      if (page === asked) page = undefined;
    });
    return asked.read;
  }

  loadSoon(0);
  return {
    async firstPage() {
      if (!told) await load();
      if (!told) throw new LiveError("LIVE_GROUND_AWAY", `Nobody knows yet who is in "${channel}".`);
      const { version, count, users } = told;
      if (users) return { version, count, users: inOrder(users), stale };
      if (stale) return { version, count, users: [], stale };
      return { ...(await readPage()), stale };
    },
    freeze,
    recover,
    async check() {
      if (!current || stale || loading) return;
      const { version } = await store.page(channel, { limit: 1 });
      if (!current || stale || loading) return;
      if (version.epoch !== current.version.epoch) recover("loss");
      else if (version.offset > current.version.offset) recover("hole");
    },
    close() {
      if (closed) return;
      closed = true;
      cancelTell?.();
      cancelLoad?.();
      tasks.track(endListening(listening));
    },
  };
}

function inOrder(users: ReadonlyMap<string, KeptUser>): KeptUser[] {
  const keyed = [...users.values()].map((user) => ({ user, bytes: Buffer.from(user.userId) }));
  return keyed.sort((a, b) => Buffer.compare(a.bytes, b.bytes)).map(({ user }) => user);
}

async function endListening(listening: Promise<Listening> | undefined): Promise<void> {
  const followed = await listening?.catch(() => undefined);
  await followed?.close();
}
