import type { Document } from "mongodb";
import { sleep } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import { keepRunning } from "../change/keep-running.ts";
import type { ChangeSink, ChangeSource } from "../ports/change-source.ts";
import { createHandover } from "./handover.ts";
import type { Handover } from "./handover.ts";
import { isHistoryLost } from "./lost-history.ts";
import type { MongoOptions } from "./options.ts";
import { placeOf, tokenOf } from "./place.ts";
import { createRecent } from "./recent.ts";
import type { Recent } from "./recent.ts";
import { openReader } from "./reader.ts";
import type { Batch, Reader } from "./reader.ts";
import { createRole } from "./role.ts";
import type { Role } from "./role.ts";
import { createStandby } from "./standby.ts";
import type { Standby } from "./standby.ts";
import { createStepMaker } from "./steps.ts";

/**
 * Makes the source of one database: its change stream, with the resume token as the place.
 *
 * Every process that opens it watches the log. One works; the others stand by, and hand over what the working one has let lie for
 * `takeOverMs`, or half as long again. So none needs a lock in the database, or the right to write to it.
 */
export function createMongoSource(options: MongoOptions, clock: Clock): ChangeSource {
  return {
    name: options.name,
    open(sink) {
      const kept: Kept = { role: createRole(sink), handed: createRecent(), lost: undefined, busy: false };
      return keepRunning({
        sink,
        clock,
        session: (signal, settled) => runSession({ options, clock, sink, signal, settled, kept }),
      });
    },
  };
}

/** What is kept from one session to the next. */
interface Kept {
  readonly role: Role;
  /** Places that this process has handed over. */
  readonly handed: Recent;
  /** The place that the stream could not be resumed at, and why. */
  lost: { readonly place: string; readonly reason: string } | undefined;
  /** Whether another process was seen at work. */
  busy: boolean;
}

interface SessionParts {
  readonly options: MongoOptions;
  readonly clock: Clock;
  readonly sink: ChangeSink;
  readonly signal: AbortSignal;
  readonly settled: () => void;
  readonly kept: Kept;
}

/** Where a session begins. */
interface Start {
  readonly place: string | undefined;
  readonly token: Document | undefined;
  /** Why changes may be missing before it. */
  readonly gap: string | undefined;
}

interface FollowParts extends Pick<Start, "gap"> {
  readonly reader: Reader;
  readonly standby: Standby;
  readonly handover: Handover;
}

async function runSession(parts: SessionParts): Promise<void> {
  const { options, clock, sink, signal, kept } = parts;
  const standby = createStandby({ sink, clock, signal, takeOverMs: options.takeOverMs });
  const start = startAt(await placeToBegin(parts, standby), kept);
  if (signal.aborted) return;
  const reader = openReader(options, { clock, signal, token: start.token });
  const handover = createHandover({ sink, clock, role: kept.role, handed: kept.handed }, start.place);
  try {
    await follow(parts, { reader, standby, handover, gap: start.gap });
  } catch (error) {
    if (signal.aborted) return;
    const place = handover.at();
    if (!isHistoryLost(error) || place === undefined || place === kept.lost?.place) throw error;
    kept.lost = { place, reason: error.message };
    // The others wait for the one that works to say so.
    if (!kept.role.isWorking()) await sleep(clock, options.takeOverMs, signal);
  } finally {
    await reader.close();
  }
}

/** Asks the log where it stands. While another process is at work, this one does not even read. */
async function placeToBegin({ sink, kept }: SessionParts, standby: Standby): Promise<string | undefined> {
  const place = await sink.place();
  // At a place of ours it may have been set back, but nobody else is at work.
  if (place === undefined || (kept.role.isWorking() && kept.handed.has(place))) return place;
  const isOvertaken = kept.role.isWorking();
  kept.role.take("standing by");
  if (!isOvertaken && !kept.busy) return place;
  kept.busy = false;
  return standby.quiet(place);
}

function startAt(place: string | undefined, { lost }: Kept): Start {
  if (place === undefined)
    return { place, token: undefined, gap: "the log does not know how far it had come" };
  if (lost?.place === place) return { place, token: undefined, gap: lost.reason };
  const token = tokenOf(place);
  return { place, token, gap: token ? undefined : "the place in the log is no resume token" };
}

async function follow(parts: SessionParts, from: FollowParts): Promise<void> {
  const { options, signal, settled, kept } = parts;
  const { reader, standby, handover } = from;
  const maker = createStepMaker(options.collections);
  const seen = createRecent();
  const token = await reader.opened();
  settled();
  let { gap } = from;
  if (gap !== undefined && token !== undefined) {
    await handover.gap(token, gap);
    gap = undefined;
  }
  kept.role.announce();
  let coming = reader.next();
  if (!kept.role.isWorking()) await lookAround(parts, coming);
  for (;;) {
    const batch = await coming;
    const events = batch.events.filter((event) => seen.isNew(placeOf(event["_id"])));
    if (gap === undefined) {
      const own = await ownEvents(events, { standby, handover, kept });
      if (!own) return;
      await handover.hand(maker.stepsOf(own, batch.token));
    } else {
      // What has come with it is forgotten with everything.
      await handover.gap(batch.token, gap);
      gap = undefined;
    }
    if (kept.role.isWorking()) await handover.mark(batch.token);
    if (reader.isOver() && batch.events.length === 0) throw new Error("the change stream has ended");
    if (signal.aborted) return;
    coming = reader.next();
  }
}

/** Waits for something to happen, or for a hold. Who sees nobody at work says that it is ready. */
async function lookAround(
  { options, clock, signal, kept }: SessionParts,
  coming: Promise<Batch>,
): Promise<void> {
  const quiet = coming.then(
    ({ events }) => events.length === 0,
    () => false,
  );
  const held = sleep(clock, options.takeOverMs, signal).then(() => true);
  if (await Promise.race([quiet, held])) kept.role.take("alone");
}

/** Those of the events that this process is to hand over; `undefined` when the log is elsewhere, and the session is to begin anew. */
async function ownEvents(
  events: readonly Document[],
  { standby, handover, kept }: { standby: Standby; handover: Handover; kept: Kept },
): Promise<readonly Document[] | undefined> {
  const { role } = kept;
  if (role.isWorking()) {
    const isOvertaken = events.length > 0 && (await standby.isOvertaken(handover.at()));
    return isOvertaken ? undefined : events;
  }
  const left = await standby.leftOf(events, handover.at());
  if (left?.at !== handover.at()) role.take("standing by");
  else if (left?.events.length === 0) role.take("alone");
  kept.busy = left === undefined;
  handover.stand(left?.at);
  return left?.events;
}
