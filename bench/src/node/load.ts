import autocannon from "autocannon";
import { percentile } from "../measure/statistics.ts";

/** What a server did under load. */
export interface LoadFigures {
  readonly rps: number;
  /** Milliseconds. */
  readonly p99: number;
  readonly answered: number;
}

/** Asks for one URL over many connections, each with one request on its way. Throws unless every answer was a 2xx. */
export async function underLoad(
  url: string,
  {
    ms,
    connections,
    headers = {},
  }: { ms: number; connections: number; headers?: Readonly<Record<string, string>> },
): Promise<LoadFigures> {
  const times: number[] = [];
  let lastAtMs = 0;
  const run = autocannon({ url, connections, headers, duration: ms / 1_000, sampleInt: 20 });
  const startedAtMs = performance.now();
  run.on(
    "response",
    (...[, , , tookMs]: readonly [client: unknown, status: number, bytes: number, ms: number]) => {
      times.push(tookMs);
      lastAtMs = performance.now();
    },
  );
  const result = await run;
  if (result.non2xx + result.errors + result.timeouts > 0) {
    throw new Error(`void: ${result.non2xx} answers were no 2xx, ${result.errors} requests failed`);
  }
  const rps = (times.length * 1_000) / (lastAtMs - startedAtMs);
  return { rps, p99: percentile(times, 0.99), answered: times.length };
}
