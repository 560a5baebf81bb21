import { createLive, defineContract } from "livecache";
import type { Broadcast, Clock, Ground, Identity, Live } from "livecache";
import { seededRandom } from "../random.ts";
import type { SeededRandom } from "../random.ts";
import { createSimClock } from "../race/sim-clock.ts";
import type { SimClock } from "../race/sim-clock.ts";
import { createFaultyLink } from "./faulty-link.ts";
import type { FaultyLink } from "./faulty-link.ts";
import { createModelGround } from "./model-ground.ts";
import type { ModelGround } from "./model-ground.ts";
import { seedWords } from "./seeded-words.ts";
import { drawFate } from "./weather.ts";
import type { Fate, Weather } from "./weather.ts";

const anything = {
  "~standard": { version: 1, vendor: "rig", validate: (value: unknown) => ({ value }) },
} as const;

/** What the nodes of a simulation publish. */
const siteContract = defineContract({
  channels: {
    "rows/:row": {
      events: { moved: anything },
      whispers: { seen: anything },
      messages: { ask: anything },
      presence: true,
    },
    "cells/:cell": { events: { moved: anything } },
  },
  regions: { channel: "cells/:cell", precision: 6 },
  notifications: { told: anything },
});

/** Who the users of a simulation are: whatever their sockets say, unless the session or token is over. */
export interface SimIdentity extends Identity {
  readonly issuedAt?: number;
}

export type SiteLive = Live<typeof siteContract, SimIdentity>;

/** Takes what is sent to the sockets in a channel. */
export type Ear = (told: Broadcast) => void;

/** One node of a site. */
export interface SiteNode {
  readonly name: string;
  readonly live: SiteLive;
  readonly link: FaultyLink;
  /** Sockets of this node, by the channel or live query that they are in. */
  readonly rooms: Map<string, Set<Ear>>;
}

/** Some nodes over one model ground, in simulated time. It lives for many schedules, each under names of its own. */
export interface Site {
  readonly clock: SimClock;
  /** What all that is drawn comes from; it begins anew with each schedule. */
  readonly random: SeededRandom;
  readonly model: ModelGround;
  readonly nodes: readonly SiteNode[];
  /** What the rooms warned of, since it was last emptied. */
  readonly warnings: string[];
  /** What is done with a message, on whichever node; whoever plays sets it. */
  onAsked: (data: unknown) => Promise<unknown>;
  /** Begins to draw from another seed. */
  reseed(seed: number): void;
  setTrace(trace: ((line: string) => void) | undefined): void;
  trace(line: string): void;
  /** Moves time until `work` has ended, or `boundMs` have passed; says whether it ended. */
  run(work: Promise<unknown>, boundMs: number): Promise<boolean>;
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** A bug that is planted into a site: between the rooms and their ground, in the ground, or in what the nodes offer. */
export interface SitePlant {
  readonly ground?: (ground: Ground, clock: Clock) => Ground;
  readonly model?: (model: ModelGround, clock: Clock) => ModelGround;
  readonly live?: (live: SiteLive, clock: Clock) => SiteLive;
}

/** How a site is made. */
export interface SiteOptions {
  readonly seed: number;
  readonly nodes?: number;
  readonly plant?: SitePlant | undefined;
  /** What happens to calls of a node; default: what the weather draws. */
  readonly fateOf?: (node: string, call: string, weather: Weather) => Fate;
}

/** Makes a site, and lets its nodes find the ground. */
export async function openSite({ seed, nodes = 2, plant = {}, fateOf }: SiteOptions): Promise<Site> {
  seedWords(seed);
  const clock = createSimClock("exhaust");
  let drawn = seededRandom(seed);
  const random: SeededRandom = {
    next: () => drawn.next(),
    integer: (bound) => drawn.integer(bound),
    pick: (list) => drawn.pick(list),
  };
  let trace: ((line: string) => void) | undefined;
  const made = createModelGround(clock);
  const model = plant.model?.(made, clock) ?? made;
  const warnings: string[] = [];
  const say = (line: string): void => trace?.(`${clock.now().toFixed(1).padStart(9)} ${line}`);

  function openNode(name: string): SiteNode {
    const link = createFaultyLink({
      ...{ clock, random, model },
      fateOf: (call, weather) => fateOf?.(name, call, weather) ?? drawFate(weather, random),
      trace: (line) => trace && say(`${name} ${line}`),
      isTraced: () => trace !== undefined,
    });
    const ground = plant.ground?.(link.ground, clock) ?? link.ground;
    const live = openLive(ground, clock, (line) => {
      warnings.push(line);
      say(`${name} warns: ${line}`);
    });
    live.handle("rows/:row", { ask: ({ data }) => site.onAsked(data) });
    const rooms: SiteNode["rooms"] = new Map();
    live.door.hub.addBroadcaster({
      send(told) {
        for (const ear of rooms.get(told.channel) ?? []) ear(told);
      },
    });
    return { name, live: plant.live?.(live, clock) ?? live, link, rooms };
  }

  const site: Site = {
    ...{ clock, random, model, warnings, trace: say },
    onAsked: async () => undefined,
    nodes: Array.from({ length: nodes }, (_, index) => openNode("abc"[index]!)),
    reseed: (next) => void (drawn = seededRandom(next)),
    setTrace: (next) => void (trace = next),
    async run(work, boundMs) {
      let ended = false;
      const noted = work.finally(() => (ended = true));
      noted.catch(() => undefined);
      await clock.run(clock.now() + boundMs, () => ended);
      return ended;
    },
    async pass(ms) {
      await site.run(new Promise<void>((resolve) => void clock.after(ms, resolve)), ms);
    },
    async close() {
      await site.run(Promise.all(site.nodes.map(({ live }) => live.close())), 10_000);
    },
  };
  await site.pass(300);
  return site;
}

function openLive(ground: Ground, clock: Clock, warn: (line: string) => void): SiteLive {
  return createLive({
    ...{ ground, clock, contract: siteContract },
    identify: ({ auth }) => auth?.["user"] as SimIdentity | undefined,
    authorize: { "rows/:row": () => true, "cells/:cell": () => true },
    secret: "0123456789abcdef0123456789abcdef",
    near: { maxBytes: 64 * 1024 },
    logger: {
      warn: (message, details) => warn(`${message} ${details ? JSON.stringify(details).slice(0, 200) : ""}`),
    },
  });
}
