import type { IssuesAnswer } from "../answers.ts";
import type { Chance } from "example-kit/chance";
import type { Tally } from "./tally.ts";
import type { Visitor } from "./visitor.ts";

/** A write that succeeded, and what a reader must find once it presents the write's position. */
export interface Written {
  readonly hostelId: string;
  readonly issueId: number;
  readonly updatedAt: string;
  readonly position: string | undefined;
}

/** People who read now and then. */
export interface Readers {
  /** Has one of them look at once for what was just written, presenting the position of the write. */
  look(written: Written): void;
  /** Lets everybody finish the request they are at. */
  stop(): Promise<void>;
}

export interface ReadersParts {
  readonly visitors: readonly Visitor[];
  readonly tally: Tally;
  readonly chance: Chance;
  readonly count: number;
}

const PAUSE_MS = { least: 120, spread: 360 };

/** Starts the readers. Each presents the newest position that it was shown: its view never goes back. */
export function startReaders({ visitors, tally, chance, count }: ReadersParts): Readers {
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();

  async function read(visitor: Visitor): Promise<void> {
    let fence: string | undefined;
    while (!stopping.signal.aborted) {
      const answer = await visitor.ask("GET", chance.pick(pathsOf(visitor)), { fence });
      fence = answer?.position ?? fence;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS.least + chance.next() * PAUSE_MS.spread));
    }
  }

  async function lookFor(written: Written): Promise<void> {
    const { hostelId, position } = written;
    const visitor = chance.pick(visitors.filter(({ person }) => [hostelId, null].includes(person.hostelId)));
    const answer = await visitor.ask("GET", `/api/hostels/${hostelId}/issues?limit=50`, { fence: position });
    if (answer && position && !shows(answer.body as IssuesAnswer, written)) tally.staleReads += 1;
  }

  function run(work: Promise<void>): void {
    running.add(work);
    void work.finally(() => running.delete(work));
  }

  for (let index = 0; index < count; index += 1) run(read(visitors[index % visitors.length]!));
  return {
    look: (written) => run(lookFor(written)),
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

/** Whether a list contains what was written, or something newer, or has moved on past it. */
export function shows({ issues }: IssuesAnswer, { issueId, updatedAt }: Omit<Written, "position">): boolean {
  const shown = issues.find(({ id }) => id === issueId);
  if (shown) return shown.updatedAt >= updatedAt;
  return issues.length > 0 && issues.at(-1)!.id > issueId;
}

function pathsOf({ person }: Visitor): readonly string[] {
  if (person.role === "management") {
    return ["/api/dashboard/summary", "/api/hostels/aspen/issues?limit=50", "/api/hostels/all/announcements"];
  }
  const hostel = `/api/hostels/${person.hostelId}`;
  return [`${hostel}/issues?limit=50`, `${hostel}/issues?status=open`, `${hostel}/announcements`];
}
