import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { seededRandom } from "../random.ts";

/** The rows that everything cached is made from: a number each, which only grows. */
export interface Origin {
  readonly url: string;
  /** Raises a row, and answers its version. */
  write(row: string): number;
  version(row: string): number;
  close(): Promise<void>;
}

const SLOWEST_MS = 8;

/** Reads rows over the network: `r1+r2`. */
export async function readRows(url: string, rows: string): Promise<Readonly<Record<string, number>>> {
  const response = await fetch(`${url}/${rows}`, { signal: AbortSignal.timeout(5_000) });
  return (await response.json()) as Record<string, number>;
}

/** Opens an origin. It takes a moment before it reads, and another before it answers, so that loads overtake each other. */
export async function openOrigin(seed: number): Promise<Origin> {
  const random = seededRandom(seed);
  const versions = new Map<string, number>();
  const pause = (): Promise<void> =>
    new Promise((resolve) => setTimeout(resolve, random.next() * SLOWEST_MS));
  const version = (row: string): number => versions.get(row) ?? 0;
  const server = createServer((request, response) => {
    const rows = (request.url ?? "/").slice(1).split("+");
    void pause()
      .then(() => JSON.stringify(Object.fromEntries(rows.map((row) => [row, version(row)]))))
      .then(async (body) => {
        await pause();
        response.end(body);
      });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    version,
    write(row) {
      const next = version(row) + 1;
      versions.set(row, next);
      return next;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
