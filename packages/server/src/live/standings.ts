import { LiveError } from "@livecache/wire";
import { sleep } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import type { Peer } from "../base/conversation.ts";
import { isRefusedCredential } from "../base/credentials.ts";
import { withDeadline } from "../base/deadline.ts";
import type { Identity, IdentifyRequest } from "../base/identity.ts";
import { userOfTag } from "../base/identity-tag.ts";
import { isSessionTag } from "../base/session-tag.ts";
import type { Tasks } from "../base/tasks.ts";
import type { ChangeRecord } from "../ports/change-log.ts";
import type { Revocation } from "../ports/revocation-store.ts";
import { Guest } from "./guest.ts";
import type { Admission, GuestParts } from "./guest.ts";
import type { JudgeIdentity } from "./guarding.ts";
import { GuestGroups } from "./guest-groups.ts";
import { GuestIndex } from "./guest-index.ts";
import { EVERYBODY_TAG, createIdentityMoves } from "./identity-moves.ts";

/** What standings need from their surroundings. */
export interface StandingsParts {
  readonly identify: (request: IdentifyRequest) => Promise<Identity | undefined>;
  /** Whether an identity rests on a token that is not accepted any more, as far as this node knows. */
  readonly isRevoked: (identity: Identity) => boolean;
  /** Whether the session of an identity is still there. Rejects when that cannot be said. */
  readonly hasSession: (sessionId: string) => Promise<boolean>;
  readonly clock: Clock;
  readonly tasks: Tasks;
  /** Aborted when the node closes. */
  readonly signal: AbortSignal;
  readonly warn: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}

/** Who all sockets of one node are. */
export interface Standings {
  /**
   * Asks the application who a socket is. Rejects with `LIVE_IDENTITY_FAILED`, also when that takes longer than 10 s, and with what `judge`
   * has against it; it is asked again whenever the application is.
   */
  admit(request: IdentifyRequest, judge?: JudgeIdentity): Promise<Admission>;
  /** Takes a socket in. */
  stand(socket: Omit<Peer, "identity">, admission: Admission): Guest;
  /** Asks again who the sockets are whose user or session the record names. Never throws. */
  apply(record: Pick<ChangeRecord, "tags">): void;
  /** Ends the sockets of tokens that this node has just learned to be revoked, by whatever way. Never throws. */
  revoked(revoked: readonly Revocation[]): void;
  /** Records may have been missed: asks again who everybody is, in the background. Never throws. */
  reset(): void;
}

/** How long the application may take to say who a socket is. */
const IDENTIFY_WITHIN_MS = 10_000;

/**
 * How often a failing `identify` is asked about a connected socket before that is ended. When rights are known to have changed it has
 * little time; when the node has only lost sight of the log, about half a minute, because what `identify` needs may be away as well.
 */
const URGENT_ATTEMPTS = 3;
const PATIENT_ATTEMPTS = 10;

/** The pause between two attempts; it grows where there is time. */
const ATTEMPT_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/** How many sockets are asked about at a time when all are. */
const ASKED_AT_ONCE = 50;

/** Users are known to revocations by digests only, so all sockets are looked at, this often at most and so many in one turn. */
const SWEEP_PAUSE_MS = 100;
const SWEPT_AT_ONCE = 1_000;

/** Makes the standings of one node. */
export function createStandings(parts: StandingsParts): Standings {
  const { clock, tasks } = parts;
  const asker = createAsker(parts);
  const byUser = new GuestGroups();
  const byCredential = new GuestIndex();
  const all = new Set<Guest>();
  const moves = createIdentityMoves();
  const sweep = createSweep(parts, all);

  async function reconsiderAll(isUrgent: boolean): Promise<void> {
    const guests = [...all];
    for (let start = 0; start < guests.length; start += ASKED_AT_ONCE) {
      await Promise.all(guests.slice(start, start + ASKED_AT_ONCE).map((guest) => guest.ask(isUrgent)));
    }
  }

  const shared: GuestParts = {
    clock,
    ask: asker.askPatiently,
    isRevoked: parts.isRevoked,
    onRenewed(guest, before) {
      const now = guest.peer.identity();
      if (now?.tokenId === before?.tokenId && now?.sessionId === before?.sessionId) return;
      byCredential.remove(guest, before);
      if (all.has(guest)) byCredential.add(guest, now);
    },
    onClosed(guest) {
      all.delete(guest);
      byCredential.remove(guest, guest.identity);
      if (guest.userId !== undefined) byUser.remove(guest.userId, guest);
    },
  };

  return {
    async admit(request, judge) {
      const asOf = moves.count();
      const identity = await asker.ask(request);
      const refused = await judge?.(identity);
      if (refused) throw refused;
      return { request, identity, asOf, judge };
    },
    stand(socket, admission) {
      const guest = new Guest(shared, socket, admission);
      if (guest.userId !== undefined) byUser.add(guest.userId, guest);
      all.add(guest);
      byCredential.add(guest, admission.identity);
      if (moves.hasMovedSince(admission.asOf, admission.identity)) tasks.track(guest.ask(true));
      return guest;
    },
    apply({ tags }) {
      for (const tag of tags) {
        if (isSessionTag(tag)) {
          moves.note(tag);
          for (const guest of byCredential.of(tag)) tasks.track(guest.ask(true));
        }
        const user = userOfTag(tag);
        if (user === undefined) continue;
        moves.note(tag);
        if (user === "*") tasks.track(reconsiderAll(true));
        else for (const guest of byUser.of(user)) tasks.track(guest.ask(true));
      }
    },
    revoked(revoked) {
      for (const { kind, id } of revoked) {
        if (kind === "token") for (const guest of byCredential.of(id)) guest.endIfRevoked();
      }
      if (revoked.some(({ kind }) => kind === "user")) sweep();
    },
    reset() {
      moves.note(EVERYBODY_TAG);
      tasks.track(reconsiderAll(false));
    },
  };
}

/** Makes what ends, a moment later, the sockets that are found to be revoked by then. */
function createSweep({ clock, tasks, signal }: StandingsParts, all: ReadonlySet<Guest>): () => void {
  let isComing = false;
  async function sweep(): Promise<void> {
    await sleep(clock, SWEEP_PAUSE_MS, signal);
    isComing = false;
    const guests = [...all];
    for (let start = 0; start < guests.length; start += SWEPT_AT_ONCE) {
      if (start > 0) await sleep(clock, 0, signal);
      for (const guest of guests.slice(start, start + SWEPT_AT_ONCE)) guest.endIfRevoked();
    }
  }
  return () => {
    if (isComing) return;
    isComing = true;
    tasks.track(sweep());
  };
}

/** Makes what asks the application who somebody is. */
function createAsker({ identify, hasSession, clock, signal, warn }: StandingsParts) {
  async function askWithin(work: Promise<Identity | undefined>): Promise<Identity | undefined> {
    try {
      return await withDeadline(clock, work, { what: "identify", limitMs: IDENTIFY_WITHIN_MS });
    } catch (error) {
      if (isRefusedCredential(error)) throw error;
      warn("a socket was refused because nobody could say who it is", { error });
      throw new LiveError("LIVE_IDENTITY_FAILED", "The server could not tell who this is. Try again later.");
    }
  }

  const ask = (request: IdentifyRequest): Promise<Identity | undefined> => askWithin(identify(request));

  /** What `identify` answers may be of the time when the socket was opened; a session that has ended since is nobody's. */
  async function identifyAgain(request: IdentifyRequest): Promise<Identity | undefined> {
    const found = await identify(request);
    return found?.sessionId === undefined || (await hasSession(found.sessionId)) ? found : undefined;
  }

  async function askPatiently(
    request: IdentifyRequest,
    isUrgent: () => boolean,
  ): Promise<Identity | undefined> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await askWithin(identifyAgain(request));
      } catch (error) {
        if (isRefusedCredential(error)) throw error;
        if (attempt >= (isUrgent() ? URGENT_ATTEMPTS : PATIENT_ATTEMPTS)) throw error;
        const pauseMs = Math.min(LONGEST_PAUSE_MS, ATTEMPT_PAUSE_MS * 2 ** (isUrgent() ? 0 : attempt - 1));
        await sleep(clock, pauseMs, signal);
      }
    }
  }

  return { ask, askPatiently };
}
