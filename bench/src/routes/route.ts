import type { Server } from "node:http";

/** What a route under test is given. */
export interface RouteSetting {
  readonly redisUrl: string;
  /** The origin: what a handler without a cache would ask for each request. */
  readonly load: () => Promise<unknown>;
}

/** A server that listens; its route is `/item`. */
export interface OpenRoute {
  readonly port: number;
  /** How many requests were answered ahead of the framework, where that is what is measured. */
  readonly early?: () => number;
  close(): Promise<unknown>;
}

/** Opens one way of answering `/item`. */
export type Route = (setting: RouteSetting) => Promise<OpenRoute>;

/** Listens on a free port of the loopback address. */
export function listening(
  server: Server,
  close: () => Promise<unknown> = async () => undefined,
): Promise<OpenRoute> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      resolve({
        port,
        async close() {
          server.closeAllConnections();
          await new Promise((done) => server.close(done));
          await close();
        },
      });
    });
  });
}
