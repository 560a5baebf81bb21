import { until } from "@livecache/rig";
import { createArrivals } from "./arrivals.ts";
import type { Arrivals } from "./arrivals.ts";
import { comeBackAll, connectAll, pause } from "./crowd.ts";
import type { ComebackPlan } from "./crowd.ts";
import type { Dialect } from "./dialect.ts";
import { createMember } from "./member.ts";
import type { Member } from "./member.ts";
import { createPresence } from "./presence.ts";
import type { ChurnPlan } from "./presence.ts";
import { locateAll } from "./travels.ts";
import type { LocatePlan } from "./travels.ts";
import { createWatchers } from "./watchers.ts";

/** Rooms of one kind: the first `members` clients are in number 0, the next in number 1, and so on. */
interface RoomPlan {
  readonly kind: "room" | "lobby" | "hall";
  readonly members: number;
}

/** Which clients there are to be. */
export interface LoadPlan {
  /** Clients are spread over these in turns. */
  readonly ports: readonly number[];
  readonly clients: number;
  readonly dialect: Dialect;
  readonly hasPlaces: boolean;
  readonly rooms: readonly RoomPlan[];
  readonly resumes?: boolean;
  readonly tracks?: boolean;
}

/** What the process of a load can be asked to do. */
export function createLoadActs() {
  const arrivals = createArrivals();
  const watchers = createWatchers();
  const presence = createPresence();
  let members: readonly Member[] = [];

  function create(index: number, plan: LoadPlan): Member {
    const { dialect, hasPlaces, rooms, resumes = false, tracks = false } = plan;
    return createMember({
      index,
      dialect,
      hasPlaces,
      resumes,
      tracks,
      arrivals,
      rooms: rooms.map((room) => `${room.kind}/${Math.floor(index / room.members)}`),
      onFrame(name, body) {
        watchers.onFrame(index, name, body as object | undefined);
        presence.onFrame(name, body);
      },
    });
  }

  return {
    async open(plan: LoadPlan): Promise<void> {
      members = Array.from({ length: plan.clients }, (_, index) => create(index, plan));
      await connectAll(plan.ports, members);
    },
    begin: () => arrivals.begin(),
    /** Resolves once so many have come, or when the time is over, and 50 ms more, in which nothing further should. */
    async arrived(expected: number, withinMs: number): Promise<Arrivals> {
      const enough = { what: "everything arrived", withinMs };
      await until(() => arrivals.unique() >= expected, enough).catch(() => undefined);
      await pause(50);
      return arrivals.figures();
    },
    async drop(): Promise<void> {
      await Promise.all(members.map((member) => member.drop()));
    },
    /** How many connections are open. */
    openCount: () => members.filter((member) => member.isOpen()).length,
    comeBack: (plan: ComebackPlan) => comeBackAll(members, plan),
    stall(count: number): void {
      for (const member of members.slice(0, count)) member.stall();
    },
    look: (ports: readonly number[]) => watchers.lookAll(members, ports),
    converged: (sinceUs: number, withinMs: number) => watchers.converged(sinceUs, withinMs),
    churn: (plan: ChurnPlan) => presence.churn(members, plan),
    presentCount: (channel: string) => presence.count(members, channel),
    countBecomes: (count: number, withinMs: number) => presence.countBecomes(count, withinMs),
    locate: (plan: LocatePlan) => locateAll(members, plan),
  };
}
