/** A server that runs until it is told to stop. */
export interface RunningServer {
  readonly url: string;
  /** Lets running requests finish, then closes everything. Idempotent. */
  close(): Promise<void>;
}

const PATIENCE_MS = 10_000;

/** Runs a server as a process: says where it is, and ends in good order on SIGINT and SIGTERM. */
export function runServer(open: () => Promise<RunningServer>): void {
  open().then(
    (server) => {
      console.log(`ready ${server.url}`);
      process.once("SIGINT", () => stop(server));
      process.once("SIGTERM", () => stop(server));
    },
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exit(1);
    },
  );
}

function stop(server: RunningServer): void {
  setTimeout(() => process.exit(1), PATIENCE_MS).unref();
  server.close().then(
    () => process.exit(0),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
}
