import { machineMs } from "../machine-ms.ts";
import { seededRandom } from "../random.ts";
import { until } from "../until.ts";
import { createAsker } from "./ask.ts";
import type { Asker } from "./ask.ts";
import { createAudience } from "./audience.ts";
import type { Audience } from "./audience.ts";
import { createCacheLoad } from "./cache-load.ts";
import type { CacheLoad } from "./cache-load.ts";
import { pause } from "./fault-kind.ts";
import type { NodeReport } from "./faults-node.ts";
import { emptyHistories } from "./histories.ts";
import type { Histories } from "./histories.ts";
import { judgeRun } from "./judge-run.ts";
import type { FaultFigures } from "./judge-run.ts";
import { kindOf } from "./kinds.ts";
import { createNote } from "./load-parts.ts";
import { createLoad } from "./load.ts";
import type { Load } from "./load.ts";
import type { Plant } from "./plants.ts";
import type { Schedule, Step } from "./schedule.ts";
import { watchStarvation } from "./starvation.ts";
import type { Starvation } from "./starvation.ts";
import { openSite } from "./site.ts";
import type { Place, Site } from "./site.ts";

/** One run. */
export interface RunOptions {
  readonly schedule: Schedule;
  /** Requests a second, of all nodes together. Default 300. */
  readonly perSecond?: number | undefined;
  readonly plant?: Plant | undefined;
  /** How long nothing happens at the end. Default 10 s. */
  readonly calmMs?: number | undefined;
  readonly log?: ((line: string) => void) | undefined;
}

/** Everything that takes part. */
interface Run {
  readonly site: Site;
  readonly histories: Histories;
  readonly asker: Asker;
  readonly audience: Audience;
  readonly cache: CacheLoad;
  readonly load: Load;
  readonly channels: number;
  readonly starvation: Starvation;
  readonly log: (line: string) => void;
}

const CHANNELS = 10;
const CLIENTS_PER_NODE = 4;
const PER_SECOND = 300;
const CALM_MS = 10_000;
/** How soon a node has to notice an outage, and its end. */
const WITHIN_MS = { told: 300, silent: 1_500, back: 3_000 };
/** How long after a fault requests still belong to it, and what was lost may still show. */
const AFTERMATH_MS = 1_000;
const CONVERGE_WITHIN_MS = 20_000;
/** How long nodes may take to show everybody, and nobody else, once nothing happens any more. */
const PRESENCE_WITHIN_MS = 10_000;
/** How long after Redis is here again all has been told that waited. */
const SETTLED_MS = 2_000;

/** Runs a schedule: real nodes on a real Redis under load, one fault after the other; then judges what was seen. */
export async function runFaults(options: RunOptions): Promise<FaultFigures> {
  const { schedule, perSecond = PER_SECOND, plant, calmMs = CALM_MS, log = () => undefined } = options;
  const { seed, nodes, ground, steps } = schedule;
  const beganAtMs = machineMs();
  const site = await openSite({ seed, nodes, ground, plant });
  const run = openRun(site, { seed, perSecond, log });
  const { starvation } = run;
  try {
    await until(() => run.audience.absent() === 0, { what: "everybody is in", withinMs: 30_000 });
    run.load.start();
    const startedAtMs = machineMs();
    const random = seededRandom(seed + 1);
    for (const step of steps) {
      await pause(Math.max(300, startedAtMs + step.atMs - machineMs()));
      if (step.fault === "calm") await calm(run, step.forMs);
      else await strike(run, step, () => random.next());
      if (site.exits().length > 0) break;
    }
    await calm(run, calmMs);
    await run.load.stop();
    await converge(run);
    await run.cache.settled();
    const judged = { schedule, plant, seconds: (machineMs() - beganAtMs) / 1_000 };
    const parts = { histories: run.histories, clients: run.audience.histories(), starvation };
    return await judgeRun({ ...parts, reports: await site.reports(), exits: site.exits() }, judged);
  } finally {
    starvation.stop();
    run.audience.close();
    run.asker.close();
    await site.close();
  }
}

function openRun(
  site: Site,
  { seed, perSecond, log }: { readonly seed: number; readonly perSecond: number; readonly log: Run["log"] },
): Run {
  const histories = emptyHistories();
  const asker = createAsker();
  const random = seededRandom(seed);
  const note = createNote(histories);
  const parts = { site, histories, random, asker, channels: CHANNELS, note };
  const cache = createCacheLoad(parts);
  const audience = createAudience({
    ...{ places: site.places, random, channels: CHANNELS, clientsPerNode: CLIENTS_PER_NODE },
    onHeard: cache.heard,
  });
  const load = createLoad(parts, cache, perSecond);
  const starvation = watchStarvation(() => [
    process.pid,
    ...site.servers.map((server) => server.pid()),
    ...site.places.map((place) => (place.isStruck ? undefined : place.process.pid)),
  ]);
  return { site, histories, asker, audience, cache, load, channels: CHANNELS, starvation, log };
}

/** One fault, from its beginning to its end. */
async function strike({ site, histories, log }: Run, step: Step, next: () => number): Promise<void> {
  if (step.fault === "calm") return;
  const kind = kindOf(step.fault);
  const place = site.places[step.node]!;
  const random = seededRandom(Math.floor(next() * 2 ** 31));
  const node = place.name;
  const namesBefore = site.places.map(({ name }) => name);
  const askedAtMs = machineMs();
  const heal = await kind.strike({ site, place, forMs: step.forMs, random });
  const fromMs = machineMs();
  await pause(step.forMs);
  const healingMs = machineMs();
  await heal();
  const untilMs = machineMs();
  log(`${step.fault} ${kind.reach === "all" ? "" : node} for ${Math.round(untilMs - fromMs)} ms`);
  histories.struck.push({
    fault: step.fault,
    node: kind.reach === "all" ? "all" : node,
    fromMs: askedAtMs,
    untilMs,
  });
  if (kind.loses) {
    const isRepeated = kind.loses === "repeatedly";
    histories.losses.push({ fromMs: askedAtMs, untilMs: untilMs + AFTERMATH_MS, isRepeated });
  }
  if (!kind.outage) return;
  for (const name of kind.reach === "all" ? namesBefore : [node]) {
    histories.outages.push({
      ...{ node: name, kind: step.fault, fromMs, untilMs: kind.outage === "told" ? untilMs : healingMs },
      ...{ awayWithinMs: WITHIN_MS[kind.outage], hereWithinMs: WITHIN_MS.back },
    });
  }
}

/** Nothing happens for a while; then nothing may wait any more, and everybody has to be seen by everybody. */
async function calm(run: Run, forMs: number): Promise<void> {
  const { site, histories, load, cache, log } = run;
  log("calm");
  const endsAtMs = machineMs() + forMs;
  const seenByMs = machineMs() + Math.max(forMs, PRESENCE_WITHIN_MS);
  await pause(forMs / 2);
  const alive = new Set(
    (await Promise.all(site.places.map(hereLately))).filter((name) => name !== undefined),
  );
  cache.settle(alive, machineMs());
  load.tokens.settle(alive, machineMs());
  await Promise.all([
    ...site.places.map((place) => cache.sweep(place)),
    ...site.places.map((place) => load.tokens.sweep(place)),
    ...site.places.flatMap((place) =>
      Array.from({ length: run.channels }, (_, channel) => samplePresence(run, place, { channel, seenByMs })),
    ),
  ]);
  histories.counts["calm"] = (histories.counts["calm"] ?? 0) + 1;
  await pause(Math.max(0, endsAtMs - machineMs()));
}

/** The name of a node of which Redis has been here for long enough that nothing waits there any more. */
async function hereLately({ name, process }: Place): Promise<string | undefined> {
  const { statuses } = (await process.call("report")) as NodeReport;
  const { state, atMs } = statuses.at(-1)!;
  return state === "here" && machineMs() - atMs > SETTLED_MS ? name : undefined;
}

/** Asks a node who is in a channel, again until it is right or has had the time for it. */
async function samplePresence(
  { asker, audience, histories, starvation }: Run,
  place: Place,
  { channel, seenByMs }: { readonly channel: number; readonly seenByMs: number },
): Promise<void> {
  const live = audience.usersIn(channel);
  const sinceMs = machineMs();
  for (;;) {
    const answer = await asker.ask(place, `GET /presence/${channel}`);
    const users = ("body" in answer && (answer.body["users"] as { userId: string }[] | undefined)) || [];
    const shown = users.map(({ userId }) => userId);
    const isRight = shown.length === live.length && live.every((user) => shown.includes(user));
    if (isRight || machineMs() > seenByMs) {
      const atMs = machineMs();
      // Who could not ask Redis, or say who is there, because others kept the processor is not to blame.
      if (!isRight && starvation.during(sinceMs, atMs)) return;
      histories.presence.push({ atMs, node: place.name, channel: `news/${channel}`, live, shown });
      return;
    }
    await pause(250);
  }
}

/** Waits until everybody is back, and publishes the last event of each channel. */
async function converge({ site, audience, cache, channels, histories }: Run): Promise<void> {
  if (site.exits().length > 0) return;
  const bound = { what: "everybody is back", withinMs: CONVERGE_WITHIN_MS };
  await until(() => audience.absent() === 0, bound).catch(() => undefined);
  const ids: string[] = [];
  for (let channel = 0; channel < channels; channel++) {
    const last = { what: "the last event is taken", withinMs: CONVERGE_WITHIN_MS };
    ids.push(await until(() => cache.write(site.places[channel % site.places.length]!, channel), last));
  }
  const finals = new Set(ids);
  histories.published.forEach((event, index) => {
    if (finals.has(event.id)) histories.published[index] = { ...event, final: true };
  });
  // Whoever has not got there is found by the judge.
  const lacking = { what: "everybody has the last events", withinMs: CONVERGE_WITHIN_MS };
  await until(() => audience.lacking(ids) === 0, lacking).catch(() => undefined);
}
