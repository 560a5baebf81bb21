import { openServer } from "./server.ts";
import { readSettings } from "./settings.ts";

const PATIENCE_MS = 10_000;

async function main(): Promise<void> {
  const server = await openServer(readSettings(process.env));
  console.log(`ready ${server.url}`);

  function stop(): void {
    setTimeout(() => process.exit(1), PATIENCE_MS).unref();
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  }
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
