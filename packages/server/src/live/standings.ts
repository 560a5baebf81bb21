import { LiveError } from "@livecache/wire";
import type { ErrorCode, ExpiringFrame, RefreshReply } from "@livecache/wire";
import { sleep } from "../base/clock.ts";
import type { Cancel, Clock } from "../base/clock.ts";
import type { Conversation, Peer } from "../base/conversation.ts";
import { withDeadline } from "../base/deadline.ts";
import type { Identity, IdentifyRequest } from "../base/identity.ts";
import { userOfTag } from "../base/identity-tag.ts";
import type { Tasks } from "../base/tasks.ts";
import type { ChangeRecord } from "../ports/change-log.ts";
import { readRefreshFrame } from "./request-frame.ts";

/** Who a socket turned out to be, before it is connected. */
export interface Admission {
  readonly request: IdentifyRequest;
  readonly identity: Identity | undefined;
  /** How many changes of identities this node had applied when it asked. */
  readonly asOf: number;
}

/** What standings need from their surroundings. */
export interface StandingsParts {
  readonly identify: (request: IdentifyRequest) => Promise<Identity | undefined>;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly warn: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}

/** Who one socket is, as long as it is connected. */
export interface Standing extends Conversation {
  readonly peer: Peer;
  /** Says what is to be done when the rights of the identity may have changed; to be called once, in the turn of `stand`. */
  begin(reconsider: () => Promise<void>): void;
}

/** Who all sockets of one node are. */
export interface Standings {
  /** Asks the application who a socket is. Rejects with `LIVE_IDENTITY_FAILED`, also when that takes longer than 10 s. */
  admit(request: IdentifyRequest): Promise<Admission>;
  /** Takes a socket in. */
  stand(socket: Omit<Peer, "identity">, admission: Admission): Standing;
  /** Asks again who the sockets are whose user the record names. Never throws. */
  apply(record: Pick<ChangeRecord, "tags">): void;
  /** Records may have been missed: asks again who everybody is, in the background. Never throws. */
  reset(): void;
}

/** How long the application may take to say who a socket is. */
const IDENTIFY_WITHIN_MS = 10_000;

/** How often a failing `identify` is asked about a connected socket, and the pause between. */
const ATTEMPTS = 3;
const ATTEMPT_PAUSE_MS = 250;

/** How many sockets are asked about at a time when all are. */
const ASKED_AT_ONCE = 50;

/** How many changes of identities are remembered for sockets that are just being admitted. */
const REMEMBERED = 10_000;

/** Makes the standings of one node. */
export function createStandings({ identify, clock, tasks, warn }: StandingsParts): Standings {
  const byUser = new Map<string, Set<Guest>>();
  const all = new Set<Guest>();
  const moved: string[] = [];
  let forgotten = 0;

  async function ask(request: IdentifyRequest): Promise<Identity | undefined> {
    const work = identify(request);
    try {
      return await withDeadline(clock, work, { what: "identify", limitMs: IDENTIFY_WITHIN_MS });
    } catch (error) {
      warn("a socket was refused because nobody could say who it is", { error });
      throw new LiveError("LIVE_IDENTITY_FAILED", "The server could not tell who this is. Try again later.");
    }
  }

  async function askPatiently(request: IdentifyRequest): Promise<Identity | undefined> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await ask(request);
      } catch (error) {
        if (attempt === ATTEMPTS) throw error;
        await sleep(clock, ATTEMPT_PAUSE_MS);
      }
    }
  }

  function remember(user: string): void {
    moved.push(user);
    if (moved.length > REMEMBERED * 2) forgotten += moved.splice(0, REMEMBERED).length;
  }

  function hasMoved({ asOf, identity }: Admission): boolean {
    if (!identity) return false;
    return (
      asOf < forgotten ||
      moved.slice(asOf - forgotten).some((user) => user === "*" || user === identity.userId)
    );
  }

  async function reconsiderAll(): Promise<void> {
    const guests = [...all];
    for (let start = 0; start < guests.length; start += ASKED_AT_ONCE) {
      await Promise.all(guests.slice(start, start + ASKED_AT_ONCE).map((guest) => guest.ask()));
    }
  }

  return {
    async admit(request) {
      const asOf = forgotten + moved.length;
      return { request, identity: await ask(request), asOf };
    },
    stand(socket, admission) {
      const guest = createGuest({ socket, admission, clock, ask: askPatiently });
      const user = admission.identity?.userId;
      const guests = user === undefined ? undefined : (byUser.get(user) ?? new Set());
      if (guests) byUser.set(user!, guests.add(guest));
      all.add(guest);
      if (hasMoved(admission)) tasks.track(guest.ask());
      return {
        peer: guest.peer,
        begin: guest.begin,
        frames: { refresh: async (request, answer) => answer(await guest.refresh(request)) },
        close() {
          all.delete(guest);
          guests?.delete(guest);
          if (guests?.size === 0 && byUser.get(user!) === guests) byUser.delete(user!);
          guest.close();
        },
      };
    },
    apply({ tags }) {
      for (const tag of tags) {
        const user = userOfTag(tag);
        if (user === undefined) continue;
        remember(user);
        if (user === "*") tasks.track(reconsiderAll());
        else for (const guest of byUser.get(user) ?? []) tasks.track(guest.ask());
      }
    },
    reset() {
      remember("*");
      tasks.track(reconsiderAll());
    },
  };
}

/** One connected socket. */
interface Guest {
  readonly peer: Peer;
  begin(reconsider: () => Promise<void>): void;
  /** Asks the application again who this is, and ends the socket when it is nobody or somebody else. Never rejects. */
  ask(): Promise<void>;
  refresh(request: unknown): Promise<RefreshReply>;
  close(): void;
}

interface GuestParts {
  readonly socket: Omit<Peer, "identity">;
  readonly admission: Admission;
  readonly clock: Clock;
  readonly ask: (request: IdentifyRequest) => Promise<Identity | undefined>;
}

function createGuest({ socket, admission, clock, ask }: GuestParts): Guest {
  let { request, identity } = admission;
  let reconsider: () => Promise<void> = async () => undefined;
  let stopTimer: Cancel = () => undefined;
  let asking: Promise<void> | undefined;
  let again = false;
  let closed = false;

  const peer: Peer = { ...socket, identity: () => identity };

  function end(code: ErrorCode, message: string): void {
    stopTimer();
    if (!closed) peer.end(code, message);
  }

  /** Somebody who connected as nobody may stay nobody; everybody else stays who they are. */
  function isSame(found: Identity | undefined): boolean {
    return found?.userId === admission.identity?.userId;
  }

  async function become(found: Identity | undefined): Promise<void> {
    identity = found;
    watchExpiry();
    await reconsider();
  }

  function watchExpiry(): void {
    stopTimer();
    stopTimer = followExpiry(clock, identity?.expiresAt, {
      expiring: (expiresInMs) => peer.emit("expiring", { expiresInMs } satisfies ExpiringFrame),
      expired: () =>
        end("LIVE_IDENTITY_EXPIRED", "The identity of this connection has expired. Sign in again."),
    });
  }

  async function askOnce(): Promise<void> {
    try {
      const found = await ask(request);
      if (closed) return;
      if (isSame(found)) await become(found);
      else end("LIVE_IDENTITY_ENDED", "This connection does not belong to its user any more. Sign in again.");
    } catch {
      end("LIVE_IDENTITY_FAILED", "The server could not tell who this is. Connect again later.");
    }
  }

  async function askUntilQuiet(): Promise<void> {
    do {
      again = false;
      await askOnce();
    } while (again && !closed);
  }

  return {
    peer,
    begin(given) {
      reconsider = given;
      watchExpiry();
    },
    ask() {
      again = true;
      asking ??= askUntilQuiet().finally(() => (asking = undefined));
      return asking;
    },
    async refresh(frame) {
      const { auth } = readRefreshFrame(frame);
      const fresh = { ...request, auth };
      const found = await ask(fresh);
      if (!isSame(found) || isOver(found?.expiresAt, clock)) {
        throw new LiveError(
          "LIVE_IDENTITY_ENDED",
          "refresh: this does not say who the connection belongs to.",
        );
      }
      request = fresh;
      await become(found);
      const expiresAt = found?.expiresAt;
      return expiresAt === undefined ? {} : { expiresInMs: expiresAt - clock.wall() };
    },
    close() {
      closed = true;
      stopTimer();
    },
  };
}

function isOver(expiresAt: number | undefined, clock: Clock): boolean {
  return expiresAt !== undefined && expiresAt <= clock.wall();
}

/** How long before the end a client is warned; at most half of what is left. */
const WARNED_BEFORE_MS = 30_000;

/** Timers count no further than this; longer waits are cut in pieces. */
const LONGEST_TIMER_MS = 86_400_000;

/** Tells when an identity is about to expire, and when it has. */
function followExpiry(
  clock: Clock,
  expiresAt: number | undefined,
  tell: { readonly expiring: (expiresInMs: number) => void; readonly expired: () => void },
): Cancel {
  if (typeof expiresAt !== "number" || Number.isNaN(expiresAt)) return () => undefined;
  const warnAt = expiresAt - Math.min(WARNED_BEFORE_MS, (expiresAt - clock.wall()) / 2);
  let warned = false;
  let cancel: Cancel = () => undefined;
  function look(): void {
    const leftMs = expiresAt! - clock.wall();
    if (leftMs <= 0) return tell.expired();
    const warnInMs = warnAt - clock.wall();
    if (warnInMs <= 0 && !warned) {
      warned = true;
      tell.expiring(leftMs);
    }
    cancel = clock.after(Math.min(LONGEST_TIMER_MS, warned ? leftMs : warnInMs), look);
  }
  look();
  return () => cancel();
}
