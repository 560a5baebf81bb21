import { randomInt } from "node:crypto";
import { LiveError } from "@livecache/wire";
import { sleep } from "../base/clock.ts";
import { withDeadline } from "../base/deadline.ts";
import { createRealmLinks } from "./cluster-realm.ts";
import type { RealmSeat } from "./cluster-realm.ts";
import { createRoute } from "./cluster-route.ts";
import type { Member } from "./cluster-route.ts";
import { viewOf } from "./cluster-view.ts";
import { walkCluster } from "./cluster-walk.ts";
import { openCommandLink } from "./command-link.ts";
import type { CommandLink } from "./command-link.ts";
import { defer } from "./defer.ts";
import { placeOf, reachedAt, readPlace } from "./endpoint.ts";
import type { Endpoint, Whereabouts } from "./endpoint.ts";
import { createKeyspace } from "./keyspace.ts";
import { createPause } from "./pause.ts";
import type { Pause } from "./pause.ts";
import { isUnsettled, readRedirect } from "./redirect.ts";
import type { Redirect } from "./redirect.ts";
import { checkServer, readHello } from "./server-check.ts";
import { noteTime } from "./server-clock.ts";
import type { RealmLinks, Servers, ServersParts } from "./servers.ts";
import { SlotTable, slotOf } from "./slots.ts";
import type { SlotRange } from "./slots.ts";
import type { Send, Wire } from "./wire.ts";

/** A primary that we are connected to, or about to be. */
interface OpenMember extends Member {
  readonly commands: CommandLink;
  isHere: boolean;
  /** Why it is not here. */
  cause: LiveError;
  /** Since when it is in charge of nothing. */
  idleSinceMs: number | undefined;
}

/** What a heartbeat is sent over. */
interface BeatOn {
  readonly wire: Wire;
  readonly send: Send;
  readonly isFirst: boolean;
}

/** How often the cluster is asked how it stands while everything is well: what changes is told by redirections. */
const LOOK_EVERY_MS = 10_000;
/** How often while something is not, and never more often than this. */
const LOOK_AGAIN_MS = [100, 2_000] as const;
const LEAST_PAUSE_MS = 30;
/** How many members are asked at a time. */
const ASKED_AT_ONCE = 3;
/** How long a server is kept that is in charge of nothing: it may be about to get a slot, or have answers on their way. */
const IDLE_KEPT_MS = 30_000;
/** How many names are tried for a key that a server is in charge of. */
const MOST_NAMES_TRIED = 4_096;

/**
 * The servers of a cluster: a link for commands to each primary, and for each realm the connections that follow its slot.
 *
 * The ground counts as *here* while the primaries answer that have the slots of the open realms, because the log, the tags and everything
 * else that is judged by are there. A primary that only has entries, claims, limits or sockets is not asked about: calls for
 * the keys it has reject with `LIVE_GROUND_AWAY`, so reads of its entries are misses with the reason `ground-away`.
 */
export function openCluster(
  parts: ServersParts,
  where: Extract<Whereabouts, { readonly kind: "cluster" }>,
): Servers {
  return new Cluster(parts, where);
}

class Cluster implements Servers {
  readonly isSpread = true;
  readonly send: Send;
  readonly #parts: ServersParts;
  readonly #where: Extract<Whereabouts, { readonly kind: "cluster" }>;
  readonly #table = new SlotTable();
  readonly #members = new Map<string, OpenMember>();
  readonly #seats = new Map<string, RealmSeat>();
  /** Slots of realms that cannot be served now although their server is well. */
  readonly #blocked = new Map<number, LiveError>();
  readonly #opening = defer();
  #lastCause = new LiveError("LIVE_GROUND_AWAY", "the cluster has not answered yet");
  #failures = 0;
  /** Whether somebody has a reason to look before the time has come. */
  #isDue = false;
  readonly #pause: Pause;

  constructor(parts: ServersParts, where: Extract<Whereabouts, { readonly kind: "cluster" }>) {
    this.#parts = parts;
    this.#where = where;
    this.#pause = createPause(parts);
    this.send = createRoute({
      clock: parts.clock,
      commandTimeoutMs: parts.settings.commandTimeoutMs,
      ownerOf: (slot) => this.#ownerOf(slot),
      take: (redirect) => this.#take(redirect),
    });
    parts.tasks.track(this.#keepLooking());
  }

  readonly walk: Servers["walk"] = (from) =>
    walkCluster(this.#table, from, (slot) => this.#ownerOf(slot).commands.send);

  async ready(): Promise<void> {
    const { clock, settings } = this.#parts;
    const everybody = async (): Promise<void> => {
      await this.#opening.promise;
      await Promise.all([...this.#members.values()].map(({ commands }) => commands.link.ready()));
    };
    const limit = { what: "cluster: connecting", limitMs: settings.connectTimeoutMs };
    await withDeadline(clock, everybody(), limit).catch((error: LiveError) => {
      if (error.code !== "LIVE_GROUND_TIMEOUT") throw error;
      const away = [...this.#members.values()].find(({ isHere }) => !isHere);
      throw away?.cause ?? this.#lastCause;
    });
  }

  openRealm(name: string): RealmLinks {
    const keyspace = createKeyspace({ ...this.#parts.settings, realm: name });
    const slot = slotOf(keyspace.head);
    const place = this.#table.ownerOf(slot);
    const seat: RealmSeat = { name, slot, head: keyspace.head, place, begunOn: undefined, links: [] };
    this.#seats.set(name, seat);
    return createRealmLinks(seat, {
      parts: this.#parts,
      locate: () => this.#endpointOf(this.#ownerOf(slot).place),
      ownerOf: () => this.#ownerOf(slot),
      take: (redirect) => void this.#take(redirect),
      onDown: () => this.#lookNow(),
    });
  }

  begin(name: string): void {
    const seat = this.#seats.get(name);
    const member = seat?.place === undefined ? undefined : this.#members.get(seat.place);
    if (seat && member) this.#beatAtOnce(seat, member);
    this.#judge();
  }

  /** Sends a first heartbeat to a server that is connected: what is sent for the realm next is carried out behind it. */
  #beatAtOnce(seat: RealmSeat, { commands, isHere }: OpenMember): void {
    // One that is not begins with it.
    if (!isHere) return;
    try {
      const wire = commands.link.wire();
      if (seat.begunOn === wire.ended) return;
      this.#parts.tasks.track(
        this.#beatRealm(seat, { wire, send: wire.send, isFirst: true }).catch(() => undefined),
      );
    } catch {
      // Lost in this moment: the next connection begins with it.
    }
  }

  #ownerOf(slot: number): OpenMember {
    const blocked = this.#blocked.size > 0 ? this.#blocked.get(slot) : undefined;
    if (blocked) throw new LiveError("LIVE_GROUND_AWAY", blocked.message, { cause: blocked });
    const place = this.#table.ownerOf(slot);
    const member = place === undefined ? undefined : this.#members.get(place);
    if (member) return member;
    if (this.#parts.signal.aborted) throw new LiveError("LIVE_CLOSED", "The Redis ground is closed.");
    const why = this.#failures > 0 ? this.#lastCause.message : "no server has said so";
    throw new LiveError("LIVE_GROUND_AWAY", `slot ${slot}: nobody is known to be in charge: ${why}`);
  }

  #take({ kind, slot, place }: Redirect): OpenMember {
    const member = this.#member(place);
    if (kind === "moved" && this.#table.ownerOf(slot) !== place) {
      this.#table.assign(slot, place, this.#parts.clock.now());
      this.#seatAnew();
      this.#lookNow();
    }
    return member;
  }

  #endpointOf(place: string): Endpoint {
    const { natMap, access } = this.#where;
    return { ...reachedAt(natMap, readPlace(place)), access, told: place };
  }

  /** The member of that address; one that was not known is connected to from now on. */
  #member(place: string): OpenMember {
    const known = this.#members.get(place);
    if (known) return known;
    const { settings, clock, signal, tasks, report } = this.#parts;
    const commands = openCommandLink({
      ...settings,
      ...{ clock, signal, tasks, name: `commands ${place}` },
      locate: () => this.#endpointOf(place),
      check: (wire) => this.#check(place, wire),
      beatOn: (wire, send, isFirst) => this.#beat(place, { wire, send, isFirst }),
      onHere: () => {
        member.isHere = true;
        // Whoever came to it while it was being connected to.
        for (const seat of this.#seats.values()) if (seat.place === place) this.#beatAtOnce(seat, member);
        this.#judge();
      },
      onAway: (cause) => {
        member.isHere = false;
        member.cause = cause;
        report(cause);
        this.#judge();
        this.#lookNow();
      },
    });
    const cause = new LiveError("LIVE_GROUND_AWAY", `${place}: not connected yet`);
    const { host } = readPlace(place);
    const member: OpenMember = { place, host, commands, isHere: false, cause, idleSinceMs: undefined };
    this.#members.set(place, member);
    return member;
  }

  async #check(place: string, wire: Wire): Promise<void> {
    const { role, mode } = await readHello(wire.send);
    if (mode === "cluster" && role !== "master") {
      this.#lookNow();
      throw new LiveError("LIVE_GROUND_AWAY", `${place} is a ${role} now; the cluster is asked again`);
    }
    try {
      await checkServer(wire.send, { mode: "cluster", anyKey: this.#keyAt(place) });
    } catch (error) {
      if (!isUnsettled(error)) throw error;
    }
    await this.#parts.look(place, wire);
  }

  /** Any key of ours that a server is in charge of. */
  #keyAt(place: string): string | undefined {
    const { entry } = createKeyspace({ ...this.#parts.settings, realm: "main" });
    for (let n = 0; n < MOST_NAMES_TRIED; n++) {
      const key = entry(String(n));
      if (this.#table.ownerOf(slotOf(key)) === place) return key;
    }
    return undefined;
  }

  /** Asks a server for its time, and whether the realms on it still hold what this ground wrote. */
  async #beat(place: string, on: BeatOn): Promise<void> {
    const { serverClock, clock } = this.#parts;
    const seats = [...this.#seats.values()].filter((seat) => seat.place === place);
    await Promise.all([
      noteTime({ serverClock, clock, send: on.send, server: place }),
      ...seats.map((seat) => this.#beatRealm(seat, on)),
    ]);
  }

  /** A slot that is being moved must not cost the others on the server their connection: only its realm waits. */
  async #beatRealm(seat: RealmSeat, { wire, send, isFirst }: BeatOn): Promise<void> {
    const { endpoint } = wire;
    const place = endpoint.told ?? placeOf(endpoint);
    if (isFirst) seat.begunOn = wire.ended;
    try {
      const isNew = isFirst || this.#blocked.has(seat.slot);
      await this.#parts.realms.get(seat.name)?.pulse.beat(send, { place, isFirst: isNew });
      if (seat.place === place && this.#blocked.delete(seat.slot)) this.#judge();
    } catch (error) {
      if (!isUnsettled(error)) throw error;
      if (seat.place === place) this.#blocked.set(seat.slot, error as LiveError);
      const redirect = readRedirect(error, endpoint.host);
      if (redirect?.kind === "moved") this.#take(redirect);
      this.#judge();
    }
  }

  /** Whether the primaries of all realms answer. Without a realm, whether any primary does. */
  #judge(): void {
    const { status } = this.#parts;
    const members = [...this.#members.values()];
    const seats = [...this.#seats.values()];
    if (seats.length === 0) {
      const here = members.some(({ isHere }) => isHere);
      return here ? status.here() : status.away(members[0]?.cause ?? this.#lastCause);
    }
    for (const { slot, place, name } of seats) {
      const blocked = this.#blocked.get(slot);
      if (blocked) return status.away(blocked);
      const member = place === undefined ? undefined : this.#members.get(place);
      if (!member?.isHere) return status.away(member?.cause ?? nobodyFor(name));
    }
    status.here();
  }

  /** Realms whose slot has another server now go there: heartbeats first, then everything else. */
  #seatAnew(): void {
    for (const seat of this.#seats.values()) {
      const place = this.#table.ownerOf(seat.slot);
      if (place === seat.place) continue;
      seat.place = place;
      this.#blocked.delete(seat.slot);
      if (place !== undefined) this.#beatAtOnce(seat, this.#member(place));
      const cause = new LiveError(
        "LIVE_GROUND_AWAY",
        `slot ${seat.slot} belongs to ${place ?? "nobody"} now`,
      );
      for (const link of seat.links) link.drop(cause);
    }
    this.#judge();
  }

  #believe(ranges: readonly SlotRange[]): void {
    this.#table.replace(ranges, this.#parts.clock.now());
    const owners = this.#table.owners();
    for (const place of owners.keys()) this.#member(place).idleSinceMs = undefined;
    this.#seatAnew();
    const { clock, serverClock } = this.#parts;
    for (const member of this.#members.values()) {
      if (owners.has(member.place)) continue;
      member.idleSinceMs ??= clock.now();
      if (member.isHere && clock.now() - member.idleSinceMs < IDLE_KEPT_MS) continue;
      this.#members.delete(member.place);
      serverClock.forget(member.place);
      member.commands.link.retire(
        new LiveError("LIVE_GROUND_AWAY", `${member.place} is in charge of nothing`),
      );
    }
  }

  async #look(): Promise<void> {
    const here = [...this.#members.values()].filter(({ isHere }) => isHere);
    const some = shuffled(here).slice(0, ASKED_AT_ONCE);
    const known = [...this.#members.keys()].map((place) => this.#endpointOf(place));
    const connected = some.map(({ host, place, commands }) => ({
      at: { host, port: readPlace(place).port },
      send: commands.link.send,
    }));
    const view = await viewOf(this.#parts, connected, [...this.#where.seeds, ...known]);
    if (view.ranges.length === 0) throw nothingGivenOut();
    this.#believe(view.ranges);
    this.#opening.resolve();
  }

  async #keepLooking(): Promise<void> {
    const { clock, signal, report, status } = this.#parts;
    while (!signal.aborted) {
      this.#isDue = false;
      try {
        await this.#look();
        this.#failures = this.#isSettled() ? 0 : this.#failures + 1;
      } catch (error) {
        if (signal.aborted) break;
        this.#failures++;
        this.#lastCause = error as LiveError;
        if (this.#lastCause.code === "LIVE_GROUND_REFUSED") this.#opening.reject(this.#lastCause);
        if (this.#members.size === 0) status.away(this.#lastCause);
        report(error);
      }
      await sleep(clock, LEAST_PAUSE_MS, signal);
      if (!this.#isDue) await this.#pause.wait(this.#pauseMs());
    }
    this.#opening.reject(new LiveError("LIVE_CLOSED", "The Redis ground is closed."));
  }

  #isSettled(): boolean {
    if (this.#blocked.size > 0 || !this.#table.isWhole()) return false;
    for (const { isHere, idleSinceMs } of this.#members.values()) {
      if (!isHere && idleSinceMs === undefined) return false;
    }
    return true;
  }

  /** How long the next look may wait; full jitter, so that a fleet does not ask as one. */
  #pauseMs(): number {
    const [shortest, longest] = LOOK_AGAIN_MS;
    const cap = Math.min(longest, shortest * 2 ** Math.min(this.#failures, 10));
    return this.#failures === 0 ? LOOK_EVERY_MS : randomInt(cap);
  }

  #lookNow(): void {
    this.#isDue = true;
    this.#pause.hurry();
  }
}

function nothingGivenOut(): LiveError {
  const fix = "redis-cli --cluster create, or wait until it is done";
  return new LiveError("LIVE_GROUND_AWAY", `the cluster says that no slot belongs to anybody. Fix: ${fix}.`);
}

function nobodyFor(realm: string): LiveError {
  return new LiveError("LIVE_GROUND_AWAY", `realm ${realm}: nobody is known to be in charge of its slot`);
}

function shuffled<T>(list: readonly T[]): T[] {
  const copy = [...list];
  for (let at = copy.length - 1; at > 0; at--) {
    const other = randomInt(at + 1);
    [copy[at], copy[other]] = [copy[other]!, copy[at]!];
  }
  return copy;
}
