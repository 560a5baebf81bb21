import { LiveError } from "@livecache/wire";
import { sleep } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import type { Peer } from "../base/conversation.ts";
import { withDeadline } from "../base/deadline.ts";
import type { Identity, IdentifyRequest } from "../base/identity.ts";
import { userOfTag } from "../base/identity-tag.ts";
import type { Tasks } from "../base/tasks.ts";
import type { ChangeRecord } from "../ports/change-log.ts";
import { Guest } from "./guest.ts";
import type { Admission, GuestParts } from "./guest.ts";

/** What standings need from their surroundings. */
export interface StandingsParts {
  readonly identify: (request: IdentifyRequest) => Promise<Identity | undefined>;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly warn: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}

/** Who all sockets of one node are. */
export interface Standings {
  /** Asks the application who a socket is. Rejects with `LIVE_IDENTITY_FAILED`, also when that takes longer than 10 s. */
  admit(request: IdentifyRequest): Promise<Admission>;
  /** Takes a socket in. */
  stand(socket: Omit<Peer, "identity">, admission: Admission): Guest;
  /** Asks again who the sockets are whose user the record names. Never throws. */
  apply(record: Pick<ChangeRecord, "tags">): void;
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

/** How many changes of identities are remembered for sockets that are just being admitted. */
const REMEMBERED = 10_000;

/** Makes the standings of one node. */
export function createStandings(parts: StandingsParts): Standings {
  const { clock, tasks } = parts;
  const asker = createAsker(parts);
  const byUser = new Map<string, Set<Guest>>();
  const all = new Set<Guest>();
  const moved: string[] = [];
  let forgotten = 0;

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

  async function reconsiderAll(isUrgent: boolean): Promise<void> {
    const guests = [...all];
    for (let start = 0; start < guests.length; start += ASKED_AT_ONCE) {
      await Promise.all(guests.slice(start, start + ASKED_AT_ONCE).map((guest) => guest.ask(isUrgent)));
    }
  }

  const shared: GuestParts = { clock, ask: asker.askPatiently };

  return {
    async admit(request) {
      const asOf = forgotten + moved.length;
      return { request, identity: await asker.ask(request), asOf };
    },
    stand(socket, admission) {
      const guest = new Guest(shared, socket, admission);
      const user = admission.identity?.userId;
      const guests = user === undefined ? undefined : (byUser.get(user) ?? new Set());
      if (guests) byUser.set(user!, guests.add(guest));
      all.add(guest);
      if (hasMoved(admission)) tasks.track(guest.ask(true));
      guest.onClose = () => {
        all.delete(guest);
        guests?.delete(guest);
        if (guests?.size === 0 && byUser.get(user!) === guests) byUser.delete(user!);
      };
      return guest;
    },
    apply({ tags }) {
      for (const tag of tags) {
        const user = userOfTag(tag);
        if (user === undefined) continue;
        remember(user);
        if (user === "*") tasks.track(reconsiderAll(true));
        else for (const guest of byUser.get(user) ?? []) tasks.track(guest.ask(true));
      }
    },
    reset() {
      remember("*");
      tasks.track(reconsiderAll(false));
    },
  };
}

/** Makes what asks the application who somebody is. */
function createAsker({ identify, clock, warn }: StandingsParts) {
  async function ask(request: IdentifyRequest): Promise<Identity | undefined> {
    const work = identify(request);
    try {
      return await withDeadline(clock, work, { what: "identify", limitMs: IDENTIFY_WITHIN_MS });
    } catch (error) {
      warn("a socket was refused because nobody could say who it is", { error });
      throw new LiveError("LIVE_IDENTITY_FAILED", "The server could not tell who this is. Try again later.");
    }
  }

  async function askPatiently(
    request: IdentifyRequest,
    isUrgent: () => boolean,
  ): Promise<Identity | undefined> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await ask(request);
      } catch (error) {
        if (attempt >= (isUrgent() ? URGENT_ATTEMPTS : PATIENT_ATTEMPTS)) throw error;
        await sleep(
          clock,
          Math.min(LONGEST_PAUSE_MS, ATTEMPT_PAUSE_MS * 2 ** (isUrgent() ? 0 : attempt - 1)),
        );
      }
    }
  }

  return { ask, askPatiently };
}
