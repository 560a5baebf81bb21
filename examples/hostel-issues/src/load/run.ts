import type { IssueWritten, Summary } from "../answers.ts";
import type { Announcement } from "../contract.ts";
import { createChance } from "example-kit/chance";
import { ALL_HOSTELS } from "../vocabulary.ts";
import { planDay } from "./day.ts";
import type { Act } from "./day.ts";
import { shows, startReaders } from "./readers.ts";
import { openScreen } from "./screens.ts";
import type { IsShown, Screen } from "./screens.ts";
import { createTally } from "./tally.ts";
import type { Tally } from "./tally.ts";
import { signInAll } from "./visitor.ts";
import type { Answer, Visitor } from "./visitor.ts";
import { liveDay } from "./writers.ts";

export interface LoadOptions {
  readonly url: string;
  /** How long the day lasts. */
  readonly seconds: number;
  readonly seed: number;
  /** How many issues are reported that day (240). */
  readonly reports?: number;
  readonly onProgress: (part: number, hour: number) => void;
}

/** How a run went. */
export interface LoadRun {
  readonly tally: Tally;
  readonly seconds: number;
  readonly screens: number;
  readonly screensConverged: number;
}

const REPORTS = 240;
const READERS = 50;
const SCREENS = 20;
const HOSTELS = ["aspen", "birch", "cedar"];
const SETTLE_MS = 15_000;

/**
 * Lives one day of hostel life on a running server: people report and mend, readers come and go, screens stay open. Whatever
 * fails on the way is counted, and the day goes on. At the end every screen is compared with what the server then answers.
 */
export async function runLoad({
  url,
  seconds,
  seed,
  reports: planned = REPORTS,
  onProgress,
}: LoadOptions): Promise<LoadRun> {
  const tally = createTally();
  const chance = createChance(seed);
  const visitors = await signInAll(url, tally);
  const screens = openScreens({ url, visitors, tally });
  const readers = startReaders({ visitors, tally, chance, count: READERS });
  const day = planDay(chance, planned);
  const startedAtMs = performance.now();
  const issuesBefore = await countIssues(visitors);
  let reports = 0;
  let lastPosition: string | undefined;

  function note(act: Act, answer: Answer): void {
    lastPosition = answer.position ?? lastPosition;
    if (act.type === "report") reports += 1;
    if (act.type !== "announce") {
      const { issue } = answer.body as IssueWritten;
      const { hostelId, id: issueId, updatedAt } = issue;
      readers.look({ hostelId, issueId, updatedAt, position: answer.position });
    }
    const issues = issuesBefore === undefined ? undefined : issuesBefore + reports;
    for (const screen of screens) {
      const isShown = expectationOf(screen, { act, answer, issues });
      if (isShown) screen.expect(isShown);
    }
  }

  await liveDay({
    visitors,
    tally,
    day,
    seconds,
    onWritten: note,
    onProgress: (done, hour) => onProgress(done / day.length, hour),
  });
  await readers.stop();
  await until(() => screens.every((screen) => screen.isSettled()), SETTLE_MS);
  const ranForMs = performance.now() - startedAtMs;
  const converged = await Promise.all(screens.map((screen) => convergence(screen, lastPosition)));
  for (const screen of screens) screen.close();
  return {
    tally,
    seconds: ranForMs / 1_000,
    screens: screens.length,
    screensConverged: converged.filter(Boolean).length,
  };
}

interface OpenScreensParts {
  readonly url: string;
  readonly visitors: readonly Visitor[];
  readonly tally: Tally;
}

/** Lists and announcements of all hostels, and the dashboard, each on several screens. */
function openScreens({ url, visitors, tally }: OpenScreensParts): Screen[] {
  return Array.from({ length: SCREENS }, (_, index) => {
    const hostelId = HOSTELS[index % HOSTELS.length]!;
    const isDashboard = index % 5 === 3;
    const visitor = visitors.find(({ person }) => person.hostelId === (isDashboard ? null : hostelId))!;
    const what = index % 5 === 4 ? "announcements" : "issues?limit=50";
    const path = isDashboard ? "/api/dashboard/summary" : `/api/hostels/${hostelId}/${what}`;
    return openScreen({ url, visitor, path, hostelId, tally });
  });
}

interface WriteDone {
  readonly act: Act;
  readonly answer: Answer;
  /** How many issues there are at least, if that is known. */
  readonly issues: number | undefined;
}

/** What a screen must come to show after a write; `undefined` when the write is not its business. */
function expectationOf({ path, hostelId }: Screen, { act, answer, issues }: WriteDone): IsShown | undefined {
  if (path.endsWith("/summary")) {
    if (act.type !== "report" || issues === undefined) return undefined;
    return (data) => totalOf(data as Summary) >= issues;
  }
  if (path.endsWith("/announcements")) {
    if (act.type !== "announce" || ![hostelId, ALL_HOSTELS].includes(act.hostelId)) return undefined;
    const { id } = (answer.body as { announcement: Announcement }).announcement;
    return (data) => (data as { announcements: Announcement[] }).announcements.some((one) => one.id === id);
  }
  if (act.type === "announce" || act.hostelId !== hostelId) return undefined;
  const { id: issueId, updatedAt } = (answer.body as IssueWritten).issue;
  return (data) => shows(data as Parameters<typeof shows>[0], { hostelId, issueId, updatedAt });
}

async function countIssues(visitors: readonly Visitor[]): Promise<number | undefined> {
  const management = visitors.find(({ person }) => person.role === "management")!;
  const answer = await management.ask("GET", "/api/dashboard/summary");
  return answer && totalOf(answer.body as Summary);
}

function totalOf({ open, inProgress, resolved }: Summary): number {
  return open + inProgress + resolved;
}

async function convergence(screen: Screen, fence: string | undefined): Promise<boolean> {
  const giveUpAtMs = performance.now() + SETTLE_MS;
  while (performance.now() < giveUpAtMs) {
    if (await screen.isConverged(fence)) return true;
    await pause(200);
  }
  return false;
}

async function until(isTrue: () => boolean, patienceMs: number): Promise<void> {
  const giveUpAtMs = performance.now() + patienceMs;
  while (!isTrue() && performance.now() < giveUpAtMs) await pause(50);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
