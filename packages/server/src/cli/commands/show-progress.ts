import type { Visit } from "../../base/visit.ts";
import type { Screen } from "../terminal/screen.ts";

/** Shows how a round comes along. */
export interface Progress {
  step(visit: Visit): void;
  end(): void;
}

/** Shows a bar in place on a terminal, with failures above it; elsewhere, one line for each visit. */
export function showProgress(screen: Screen, total: number): Progress {
  if (!screen.isTTY) {
    return { step: (visit) => void screen.write(`${lineOf(visit)}\n`), end: () => undefined };
  }
  let done = 0;
  return {
    step(visit) {
      done++;
      if (visit.error !== undefined) screen.write(`\r\u001b[K${lineOf(visit)}\n`);
      screen.write(`\r\u001b[K${barOf({ done, total, width: screen.columns || 80, at: pathOf(visit) })}`);
    },
    end: () => void screen.write("\r\u001b[K"),
  };
}

interface BarState {
  readonly done: number;
  readonly total: number;
  readonly width: number;
  readonly at: string;
}

function barOf({ done, total, width, at }: BarState): string {
  const cells = Math.max(10, Math.min(30, width - 40));
  const filled = Math.round((cells * done) / total);
  const count = `${String(done).padStart(String(total).length)}/${total}`;
  return `${"█".repeat(filled)}${"░".repeat(cells - filled)} ${count} ${at}`.slice(0, width - 1);
}

function lineOf(visit: Visit): string {
  const { outcome, ms, error } = visit;
  const why = error === undefined ? "" : ` (${error})`;
  return `${outcome.padEnd(10)} ${`${ms.toFixed(0)} ms`.padStart(8)}  ${pathOf(visit)}${why}`;
}

function pathOf({ url }: Visit): string {
  return url.pathname + url.search;
}
