import type { Clock } from "../../base/clock.ts";
import { gatherPaths } from "./gather-paths.ts";
import { showProgress } from "./show-progress.ts";
import type { Screen } from "../terminal/screen.ts";
import { visit } from "../../base/visit.ts";
import type { Visit } from "../../base/visit.ts";
import type { WarmCommand } from "./warm-arguments.ts";

/** What one round came to. */
export interface Round {
  readonly done: number;
  readonly stored: number;
  readonly hit: number;
  readonly notStored: number;
  readonly failed: number;
  readonly ms: number;
  /** The first 100. */
  readonly failures: readonly { readonly path: string; readonly error: string }[];
}

/** What a round needs from its surroundings. */
export interface RoundParts {
  readonly clock: Clock;
  readonly screen: Screen;
  readonly signal: AbortSignal;
}

const MAX_FAILURES = 100;

/** Visits every address once, `concurrency` of them at a time. Failures are counted; it rejects when the lists cannot be read. */
export async function warmRound(command: WarmCommand, parts: RoundParts): Promise<Round> {
  const { clock, signal } = parts;
  const { headers, timeoutMs, concurrency } = command;
  const startedAtMs = clock.now();
  const ask = (url: URL): Promise<Visit> => visit(url, { clock, headers, timeoutMs, signal });
  const urls = await gatherPaths(command, ask);
  const progress = showProgress(parts.screen, urls.length);
  const visits: Visit[] = [];
  const waiting = urls.values();
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      // One iterator for all: each address is taken by whoever is free.
      for (const url of waiting) {
        if (signal.aborted) return;
        const visited = await ask(url);
        // Who stops it does not want to read that what was under way has failed.
        if (signal.aborted) return;
        visits.push({ ...visited, body: NOTHING });
        progress.step(visited);
      }
    }),
  );
  progress.end();
  return { ...summarise(visits), ms: Math.round(clock.now() - startedAtMs) };
}

const NOTHING = new Uint8Array();

function summarise(visits: readonly Visit[]): Omit<Round, "ms"> {
  const count = (outcome: Visit["outcome"]): number =>
    visits.filter((visited) => visited.outcome === outcome).length;
  const failures = visits.flatMap(({ url, error }) =>
    error === undefined ? [] : [{ path: url.pathname + url.search, error }],
  );
  return {
    done: visits.length,
    stored: count("stored"),
    hit: count("hit"),
    notStored: count("not-stored"),
    failed: count("failed"),
    failures: failures.slice(0, MAX_FAILURES),
  };
}
