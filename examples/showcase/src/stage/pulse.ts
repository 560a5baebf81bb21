import type { Application } from "example-kit/application";
import { visit } from "example-kit/visitor";
import type { Visitor } from "example-kit/visitor";

/** What a visitor got while something was broken. */
export interface PulseFigures {
  readonly answered: number;
  readonly failed: number;
  readonly slowestMs: number;
}

/** Visitors who ask each application again and again who they are, to see whether anybody notices a fault. */
export interface Pulse {
  begin(): void;
  /** Ends it and answers what they got. */
  end(): PulseFigures;
  /** Ends it for good. */
  close(): void;
}

export interface Visited {
  readonly application: Application;
  readonly url: string;
}

const EVERY_MS = 250;
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
  const visitors = signedIn.filter((visitor) => visitor !== undefined);
  let figures = { answered: 0, failed: 0, slowestMs: 0 };
  let timer: NodeJS.Timeout | undefined;

  async function beat(visitor: Visitor): Promise<void> {
    const round = figures;
    const began = performance.now();
    const isGood = await isKnown(visitor);
    if (isGood) round.answered += 1;
    else round.failed += 1;
    round.slowestMs = Math.max(round.slowestMs, Math.round(performance.now() - began));
  }

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
  }

  return {
    begin() {
      if (timer) return;
      figures = { answered: 0, failed: 0, slowestMs: 0 };
      timer = setInterval(() => void Promise.all(visitors.map(beat)), EVERY_MS);
    },
    end() {
      stop();
      return { ...figures };
    },
    close: stop,
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
