import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { machineMs } from "../machine-ms.ts";
import { seededRandom } from "../random.ts";
import { until } from "../until.ts";
import { isClean, judge } from "./check.ts";
import type { Verdict } from "./check.ts";
import type { LocalFigures } from "./crowd.ts";
import { LEFTOVERS, everybodyIsIn, redisConfig, runRound } from "./faults.ts";
import type { Leftover } from "./faults.ts";
import type { ClientHistory, Evidence } from "./history.ts";
import { createLedger } from "./ledger.ts";
import type { Ledger } from "./ledger.ts";
import type { NodeFigures } from "./loss-node.ts";
import type { Plant } from "./plants.ts";
import { CASES, drawRound } from "./schedule.ts";
import type { LossCase } from "./schedule.ts";
import { openSite } from "./site.ts";
import type { Site } from "./site.ts";

/** One run of a loss test. */
export interface LossOptions {
  readonly case: LossCase;
  readonly seed: number;
  /** Events to publish at least. */
  readonly events?: number | undefined;
  readonly clients?: number | undefined;
  /** Events a second, of all publishers together. */
  readonly rate?: number | undefined;
  /** How long each fault lasts. Default: as the case says. */
  readonly faultMs?: number | undefined;
  /** What Redis has after it was killed. Default: drawn from the seed. */
  readonly leftover?: Leftover | undefined;
  readonly plant?: Plant | undefined;
  readonly log?: ((line: string) => void) | undefined;
}

/** What came of a run. */
export interface LossFigures extends Omit<Verdict, "told" | "findings"> {
  readonly case: LossCase;
  readonly seed: number;
  readonly plant: Plant | undefined;
  readonly leftover: Leftover | undefined;
  readonly published: number;
  /** Published while the ground was away, or with an unknown outcome. */
  readonly pending: number;
  /** Told to reload while they were connected. */
  readonly toldToReload: number;
  readonly rounds: number;
  readonly seconds: number;
  /** From the end of the last fault until every client had every channel's last event. */
  readonly convergedMs: number;
  /** From a publish on a node to its delivery to the node's own clients. */
  readonly local: LocalFigures;
  /** Processes that ended by themselves. */
  readonly exits: number;
  readonly unhandledRejections: number;
  readonly longestStallMs: number;
  readonly isClean: boolean;
}

const DEFAULTS = { events: 60_000, clients: 24, rate: 1_000 };

/** So few events per channel that those who were away for 30 s are sent all they missed. */
const EVENTS_PER_CHANNEL = 10;

/** How long clients may take to end where their channels end. */
const CONVERGE_WITHIN_MS = 20_000;

/** Runs one case: real nodes, a real Redis, real clients, and a fault again and again until enough was published; then judges. */
export async function runLoss(options: LossOptions): Promise<LossFigures> {
  const { events = DEFAULTS.events, clients = DEFAULTS.clients, rate = DEFAULTS.rate } = options;
  const { seed, plant, log = () => undefined } = options;
  const leftover =
    options.case === "redis-kill" ? (options.leftover ?? LEFTOVERS[Math.abs(seed) % 3]!) : undefined;
  const channels = Math.max(4, Math.round(rate / EVENTS_PER_CHANNEL));
  const beganAtMs = machineMs();
  const site = await openSite({
    ...{ seed, clients, channels, channelsPerClient: Math.min(10, Math.ceil(channels / 2)) },
    ...{ plant, redisConfig: redisConfig(leftover ?? "empty") },
  });
  try {
    const ledger = createLedger(site);
    await begin(site);
    const rounds = await storm({ site, ledger, options, events, rate, leftover: leftover ?? "empty" });
    const healedAtMs = machineMs();
    const finals = await settle(site);
    const convergedMs = Math.round(machineMs() - healedAtMs);
    await ledger.collect();
    const evidence = await gather(site, ledger, finals);
    const { told, findings, ...verdict } = judge(evidence);
    const nodes = await nodeFigures(site);
    const exits = site.exits();
    const clean = isClean({ ...verdict, told, findings }) && exits.length === 0;
    for (const line of [...findings, ...exits, ...nodes.flatMap(({ warnings }) => warnings)]) log(line);
    if (Object.keys(ledger.refused()).length > 0) log(`refused: ${JSON.stringify(ledger.refused())}`);
    if (!clean && findings.length > 0) log(`histories: ${await keep(evidence)}`);
    return {
      ...{ case: options.case, seed, plant, leftover, published: ledger.count(), pending: ledger.pending() },
      ...verdict,
      ...{ toldToReload: told, rounds, convergedMs },
      seconds: Math.round(machineMs() - beganAtMs) / 1_000,
      local: (await site.crowd.call("local")) as LocalFigures,
      exits: exits.length,
      unhandledRejections: nodes.reduce((sum, node) => sum + node.unhandledRejections, 0),
      longestStallMs: Math.max(...nodes.map((node) => node.longestStallMs)),
      isClean: clean,
    };
  } finally {
    await site.close();
  }
}

/** Everybody joins, and gets a first event, so that what comes afterwards is owed to them. */
async function begin({ crowd, places }: Site): Promise<void> {
  const size = await crowd.call("size");
  await until(async () => (await crowd.call("begun")) === size, {
    what: "every client has joined",
    withinMs: 30_000,
  });
  const ids = await places[2]!.process.call("publishToAll", 10_000);
  await until(async () => (await crowd.call("lacking", ids)) === 0, {
    what: "every client has a first event",
    withinMs: 30_000,
  });
}

interface Storm {
  readonly site: Site;
  readonly ledger: Ledger;
  readonly options: LossOptions;
  readonly events: number;
  readonly rate: number;
  readonly leftover: Leftover;
}

/** Publishes, and strikes again and again, until enough was published. Answers how often. */
async function storm({ site, ledger, options, events, rate, leftover }: Storm): Promise<number> {
  const { places } = site;
  const random = seededRandom(options.seed);
  const forMs = options.faultMs ?? CASES[options.case];
  const share = rate / places.length;
  await Promise.all(places.map(({ process }) => process.call("start", share)));
  const collecting = setInterval(() => void ledger.collect(), 250);
  let rounds = 0;
  try {
    while ((ledger.count() < events || rounds === 0) && site.exits().length === 0) {
      const round = drawRound(options.case, random, forMs);
      await runRound(site, round, leftover);
      if (round.fault.kind === "node-kill") {
        await places[round.fault.node]!.process.call("start", share);
      }
      rounds++;
      options.log?.(`round ${rounds}: ${JSON.stringify(round.fault)}, ${ledger.count()} events`);
    }
  } finally {
    clearInterval(collecting);
  }
  await Promise.all(places.map(({ process }) => process.call("stop").catch(() => undefined)));
  return rounds;
}

/** Waits until everybody is back and the log has taken all that nodes hold, and publishes the last event of each channel. Answers those. */
async function settle(site: Site): Promise<readonly string[]> {
  const [a, b, c] = site.places.map(({ process }) => process);
  if (site.exits().length > 0) return [];
  await everybodyIsIn(site);
  await Promise.all([a, b].map((node) => node!.call("publishToAll", CONVERGE_WITHIN_MS)));
  const finals = (await c!.call("publishToAll", CONVERGE_WITHIN_MS)) as string[];
  // Whoever has not got there is found by the judge.
  await until(async () => (await site.crowd.call("lacking", finals)) === 0, {
    what: "every client has every channel's last event",
    withinMs: CONVERGE_WITHIN_MS,
  }).catch(() => undefined);
  return finals;
}

async function gather(site: Site, ledger: Ledger, finals: readonly string[]): Promise<Evidence> {
  const size = (await site.crowd.call("size")) as number;
  const histories: ClientHistory[] = [];
  for (let index = 0; index < size; index++) {
    histories.push((await site.crowd.call("history", index)) as ClientHistory);
  }
  return { published: ledger.published(finals), histories, killed: site.killed };
}

async function nodeFigures({ places }: Site): Promise<readonly NodeFigures[]> {
  const asked = places.map(({ process }) =>
    (process.call("figures") as Promise<NodeFigures>).catch(() => undefined),
  );
  return (await Promise.all(asked)).filter((figures) => figures !== undefined);
}

/** Writes what was judged to files, one line for each note. */
async function keep({ published, histories }: Evidence): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "livecache-loss-"));
  const lines = histories.flatMap(({ client, channel, notes }) =>
    notes.map((note) => JSON.stringify({ client, channel, ...note })),
  );
  await writeFile(join(folder, "histories.jsonl"), `${lines.join("\n")}\n`);
  await writeFile(
    join(folder, "published.jsonl"),
    `${published.map((one) => JSON.stringify(one)).join("\n")}\n`,
  );
  return folder;
}
