import type { Application } from "example-kit/application";
import { visit } from "example-kit/visitor";
import type { Visitor } from "example-kit/visitor";

/** What a visitor got while something was broken. */
export interface PulseFigures {
  readonly answered: number;
  readonly failed: number;
  /** How often which application failed them, by title. */
  readonly failedIn: ReadonlyMap<string, number>;
  readonly slowestMs: number;
}

/** Visitors who stay at each application, and ask it now and then who they are; often, while something is broken. */
export interface Pulse {
  /** Something is broken from now on. */
  begin(): void;
  /** All is well again: answers what they got meanwhile, once the last of them has been answered. */
  end(): Promise<PulseFigures>;
  /** Ends it for good. */
  close(): void;
}

export interface Visited {
  readonly application: Application;
  readonly url: string;
}

const EVERY_MS = 250;
/** As often as somebody does something who is there; nodes that know a visitor go on knowing them without Redis. */
const CALM_EVERY_MS = 8_000;
/** A page that waits for longer has failed. */
const PATIENCE_MS = 5_000;

/**
 * Signs one person in at each application, now, while all is well; whoever cannot is left out. A reply counts as answered when it has
 * status 200 and still knows who asks.
 */
export async function createPulse(visited: readonly Visited[]): Promise<Pulse> {
  const signedIn = await Promise.all(
    visited.map(({ url, application }) => visit(url, application.people[0]!).catch(() => undefined)),
  );
  const visitors = signedIn.flatMap((visitor, index) =>
    visitor ? [{ visitor, title: visited[index]!.application.title }] : [],
  );
  let round = createRound();
  let isBroken = false;
  let timer = beatEvery(CALM_EVERY_MS);

  function askAll(): void {
    for (const { visitor, title } of visitors) round.add(title, isKnown(visitor));
  }

  function beatEvery(ms: number): NodeJS.Timeout {
    return setInterval(askAll, ms);
  }

  return {
    begin() {
      if (isBroken) return;
      isBroken = true;
      clearInterval(timer);
      round = createRound();
      askAll();
      timer = beatEvery(EVERY_MS);
    },
    end() {
      isBroken = false;
      clearInterval(timer);
      timer = beatEvery(CALM_EVERY_MS);
      return round.figures();
    },
    close: () => clearInterval(timer),
  };
}

/** Counts what was asked in one time of trouble. */
function createRound() {
  const failedIn = new Map<string, number>();
  const asked: Promise<void>[] = [];
  let answered = 0;
  let slowestMs = 0;

  async function note(title: string, asking: Promise<boolean>): Promise<void> {
    const began = performance.now();
    if (await asking) answered += 1;
    else failedIn.set(title, (failedIn.get(title) ?? 0) + 1);
    slowestMs = Math.max(slowestMs, Math.round(performance.now() - began));
  }

  return {
    add: (title: string, asking: Promise<boolean>) => void asked.push(note(title, asking)),
    async figures(): Promise<PulseFigures> {
      await Promise.all(asked);
      const failed = [...failedIn.values()].reduce((sum, count) => sum + count, 0);
      return { answered, failed, failedIn, slowestMs };
    },
  };
}

async function isKnown(visitor: Visitor): Promise<boolean> {
  const answering = visitor.get("/api/session").then(async (response) => {
    const { person } = (await response.json()) as { person?: unknown };
    return response.ok && Boolean(person);
  });
  const late = new Promise<boolean>((resolve) => setTimeout(resolve, PATIENCE_MS, false).unref());
  return Promise.race([answering.catch(() => false), late]);
}
