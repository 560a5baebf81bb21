import type { IssueWritten } from "../answers.ts";
import type { Act, PlannedAct } from "./day.ts";
import type { Tally } from "./tally.ts";
import type { Answer, Visitor } from "./visitor.ts";

export interface WritersParts {
  readonly visitors: readonly Visitor[];
  readonly tally: Tally;
  readonly day: readonly PlannedAct[];
  readonly seconds: number;
  /** Called when a write has been answered. */
  readonly onWritten: (act: Act, answer: Answer) => void;
  readonly onProgress: (done: number, hour: number) => void;
}

/** Lives the day in the given number of seconds. Resolves when the last act has been answered. */
export async function liveDay(parts: WritersParts): Promise<void> {
  const { day, seconds, onProgress } = parts;
  const startedAtMs = performance.now();
  const reported = new Map<number, Promise<number | undefined>>();
  const running: Promise<unknown>[] = [];
  for (const [index, { hour, act }] of day.entries()) {
    const waitMs = startedAtMs + (hour / 24) * seconds * 1_000 - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    const work = perform(parts, act, reported);
    if (act.type === "report") reported.set(act.report, work);
    running.push(work);
    onProgress(index + 1, hour);
  }
  await Promise.all(running);
}

/** Does one act; gives the number of the issue it was about, if it worked. */
async function perform(
  { visitors, tally, onWritten }: WritersParts,
  act: Act,
  reported: ReadonlyMap<number, Promise<number | undefined>>,
): Promise<number | undefined> {
  const issueId = act.type === "status" ? await reported.get(act.report) : undefined;
  // The report itself was lost to an outage: there is nothing to change.
  if (act.type === "status" && issueId === undefined) return undefined;
  const { method, path, body } = requestFor(act, issueId);
  const answer = await actorOf(visitors, act).ask(method, path, { body });
  if (!answer) return undefined;
  tally.writes += 1;
  onWritten(act, answer);
  return act.type === "announce" ? undefined : (answer.body as IssueWritten).issue.id;
}

function requestFor(act: Act, issueId: number | undefined): { method: string; path: string; body: unknown } {
  if (act.type === "status") {
    return { method: "PATCH", path: `/api/issues/${issueId}/status`, body: { status: act.status } };
  }
  if (act.type === "announce") {
    const { hostelId, title, body } = act;
    return { method: "POST", path: `/api/hostels/${hostelId}/announcements`, body: { title, body } };
  }
  return { method: "POST", path: "/api/issues", body: { ...act.text, hostelId: act.hostelId } };
}

/** Students report, wardens do the rest, management speaks to all. */
function actorOf(visitors: readonly Visitor[], act: Act): Visitor {
  const role = act.type === "report" ? "student" : "warden";
  return (
    visitors.find(({ person }) => person.role === role && person.hostelId === act.hostelId) ??
    visitors.find(({ person }) => person.role === "management")!
  );
}
