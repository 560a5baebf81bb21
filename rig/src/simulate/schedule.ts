import { ERRORS, isLiveError } from "livecache";
import { playCache } from "./plays/cache-play.ts";
import { playChannel } from "./plays/channel-play.ts";
import { playGround } from "./plays/ground-play.ts";
import { playLimit } from "./plays/limit-play.ts";
import { playMessages } from "./plays/message-play.ts";
import { playNotes } from "./plays/note-play.ts";
import { playRegion } from "./plays/region-play.ts";
import { playRevocation } from "./plays/revocation-play.ts";
import { playSession } from "./plays/session-play.ts";
import type { Site } from "./site.ts";
import type { Finding, Play, Stage } from "./stage.ts";
import { CALM, drawWeather } from "./weather.ts";

/** Features that a schedule can be about. */
export const PLAYS = [
  "cache",
  "channel",
  "revocation",
  "session",
  "limit",
  "notes",
  "region",
  "message",
] as const;
export type PlayName = (typeof PLAYS)[number];

/** What is judged later, for all schedules of a site. */
export interface Pending {
  readonly seed: number;
  readonly atMs: number;
  readonly judge: () => Promise<string | undefined>;
}

/** What a schedule needs besides its seed. */
export interface ScheduleParts {
  readonly site: Site;
  readonly counts: Map<string, number>;
  readonly pending: Pending[];
  /** Default: drawn from the seed. */
  readonly plays?: readonly PlayName[] | undefined;
}

/** Longest that what was asked for in the safety phase may take, in simulated milliseconds. */
const SAFETY_MS = 10_000;

/** Longest until everything is as it has to be once there are no faults. */
const LIVENESS_MS = 5_000;

const MAX_DETAILS = 1_000;

/** Plays one schedule: some acts while things go wrong, and then, without faults, until everything is as it has to be. */
export async function playSchedule(seed: number, parts: ScheduleParts): Promise<readonly Finding[]> {
  const { site } = parts;
  const findings: Finding[] = [];
  site.reseed(seed);
  const stage = createStage(seed, parts, findings);
  const { plays, ground } = castPlays(stage, parts.plays);
  for (const play of plays) if (play.begin) await site.run(play.begin(), SAFETY_MS);
  await playFaults(stage, plays, ground);
  await playCalm(stage, plays);
  for (const play of plays) play.end();
  await judgeDue(parts, findings);
  return findings;
}

/** Judges what has become due. */
export async function judgeDue({ site, pending }: ScheduleParts, findings: Finding[]): Promise<void> {
  while (pending.length > 0 && pending[0]!.atMs <= site.clock.now()) {
    const { seed, judge } = pending.shift()!;
    const judged = judge();
    let fault: string | undefined;
    if (!(await site.run(judged, SAFETY_MS))) fault = "hangs";
    else fault = await judged.catch((error: unknown) => String(error));
    if (fault !== undefined) findings.push({ seed, rule: "later", details: fault });
  }
}

function createStage(seed: number, { site, counts, pending }: ScheduleParts, findings: Finding[]): Stage {
  let ticks = 0;
  site.model.mark();
  site.warnings.length = 0;
  return {
    ...{ seed, site, random: site.random },
    instant: () => site.clock.now() + ++ticks * 1e-7,
    name: (what) => `${what}${seed}`,
    node: () => site.random.pick(site.nodes),
    report(rule, details) {
      site.trace(`FOUND ${rule}`);
      findings.push({ seed, rule, details: JSON.stringify(details).slice(0, MAX_DETAILS) });
    },
    lost: { isLost: false },
    waiting: new Set(),
    count: (what) => void counts.set(what, (counts.get(what) ?? 0) + 1),
    later(delayMs, judge) {
      const atMs = site.clock.now() + delayMs;
      const index = pending.findIndex((other) => other.atMs > atMs);
      pending.splice(index === -1 ? pending.length : index, 0, { seed, atMs, judge });
    },
  };
}

/** One or two features, and the ground that they stand on. */
function castPlays(stage: Stage, wanted: readonly PlayName[] | undefined) {
  const { random } = stage;
  const names = wanted ?? [random.pick(PLAYS), ...(random.integer(3) === 0 ? [random.pick(PLAYS)] : [])];
  const cache = playCache(stage);
  const channel = playChannel(stage, cache);
  const isIn = (name: PlayName): boolean => names.includes(name);
  const plays: Play[] = [];
  if (isIn("cache") || isIn("channel")) plays.push(cache);
  if (isIn("channel") || isIn("revocation")) plays.push(channel);
  if (isIn("revocation")) plays.push(playRevocation(stage, channel));
  if (isIn("session")) plays.push(playSession(stage));
  if (isIn("limit")) plays.push(playLimit(stage));
  if (isIn("notes")) plays.push(playNotes(stage));
  if (isIn("region")) plays.push(playRegion(stage));
  if (isIn("message")) plays.push(playMessages(stage));
  return { plays, ground: playGround(stage, cache) };
}

/** The safety phase. */
async function playFaults(stage: Stage, plays: readonly Play[], ground: Play): Promise<void> {
  const { site, random } = stage;
  const weather = drawWeather(random);
  for (const { link } of site.nodes) link.setWeather(random.integer(4) === 0 ? CALM : weather);
  const spanMs = random.pick([0, 10, 40, 300]);
  const acts = Array.from({ length: 2 + random.integer(5) }, () => random.pick(random.pick(plays).acts));
  if (random.integer(3) === 0) acts.push(random.pick(ground.acts));
  const running = acts.map((act) => startLater(stage, random.next() * spanMs, act));
  if (!(await site.run(Promise.all(running), SAFETY_MS))) {
    stage.report("hangs", { unfinishedAfterMs: SAFETY_MS });
  }
  for (const { link } of site.nodes) {
    link.setWeather(CALM);
    link.setAway(false);
    link.restore();
  }
}

async function startLater(stage: Stage, delayMs: number, act: () => Promise<unknown>): Promise<void> {
  if (delayMs > 0) await new Promise<void>((resolve) => void stage.site.clock.after(delayMs, resolve));
  try {
    await act();
  } catch (error) {
    noteFailure(stage, error);
  }
}

/** Whatever is asked for may fail while things go wrong, but only in a way that is documented. */
function noteFailure(stage: Stage, error: unknown): void {
  if (isLiveError(error) && Object.hasOwn(ERRORS, error.code)) return stage.count(`refused: ${error.code}`);
  stage.report("an error that nobody knows", { error: String(error) });
}

/** Pauses between two looks at what is not settled yet. */
const PAUSES_MS = [0, 1, 10, 100, 250, 500, 1_000];

/** With which pause it begins when changes wait for the ground, which is tried again after 100 ms. */
const LOOKS_WAITING = 3;

/** The liveness phase. */
async function playCalm(stage: Stage, plays: readonly Play[]): Promise<void> {
  const { site } = stage;
  const withinMs = Math.max(...plays.map(({ settlesWithinMs = LIVENESS_MS }) => settlesWithinMs));
  const endsAtMs = site.clock.now() + withinMs;
  for (let look = 0; ; look++) {
    const looking = firstUnsettled(stage, plays);
    const ended = await site.run(looking, SAFETY_MS);
    const fault = ended ? await looking : "hangs";
    if (fault === undefined) return;
    if (site.clock.now() >= endsAtMs || !ended) return stage.report("not settled", { fault });
    // Whoever asks whether changes wait makes one more that does.
    const first = stage.waiting.size > 0 ? LOOKS_WAITING : 0;
    await site.pass(PAUSES_MS[Math.min(first + look, PAUSES_MS.length - 1)]!);
  }
}

async function firstUnsettled(stage: Stage, plays: readonly Play[]): Promise<string | undefined> {
  try {
    for (const node of stage.waiting) {
      const { pending } = await node.live.change({});
      if (pending) return `${node.name} has changes that wait`;
      stage.waiting.delete(node);
    }
    for (const play of plays) {
      const fault = await play.unsettled();
      if (fault !== undefined) return fault;
    }
    return undefined;
  } catch (error) {
    return `rejects: ${String(error)}`;
  }
}
