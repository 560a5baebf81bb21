import { parseArgs } from "node:util";
import { Presets, SingleBar } from "cli-progress";
import { startOwnServer } from "./own-server.ts";
import { toResult, toTable } from "./report.ts";
import { runLoad } from "./run.ts";

/**
 * Drives the example through a day of hostel life: `npm run demo:load -- --seconds 20 --url http://localhost:3000`. Without
 * `--url` it starts the example itself, on nothing but memory. The last line is the result as JSON.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      url: { type: "string" },
      seconds: { type: "string", default: "20" },
      seed: { type: "string", default: "1" },
    },
  });
  const seconds = positive("--seconds", values.seconds);
  const seed = positive("--seed", values.seed);
  const own = values.url ? undefined : await startOwnServer();
  const url = (values.url ?? own!.url).replace(/\/$/, "");
  const bar = createBar();
  const { tally, ...run } = await runLoad({ url, seconds, seed, onProgress: bar.update }).finally(
    async () => {
      bar.stop();
      await own?.close();
    },
  );
  const result = toResult(tally, run);
  console.log(toTable(result, tally));
  console.log(JSON.stringify(result));
}

interface Bar {
  readonly update: (part: number, hour: number) => void;
  readonly stop: () => void;
}

/** A progress bar on a terminal, nothing elsewhere. It goes to standard error, so that the result can be piped. */
function createBar(): Bar {
  if (!process.stderr.isTTY) return { update: () => undefined, stop: () => undefined };
  const format = "  {clock}  {bar}  {percentage} %";
  const bar = new SingleBar({ format, stream: process.stderr, hideCursor: true }, Presets.shades_classic);
  bar.start(100, 0, { clock: "00:00" });
  return {
    update(part, hour) {
      const minutes = Math.floor((hour % 1) * 60);
      const clock = `${String(Math.floor(hour)).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
      bar.update(Math.round(part * 100), { clock });
    },
    stop: () => bar.stop(),
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`${name}: expected a number above 0, received "${text}".`);
  return value;
}

main().then(
  // Keep-alive connections would hold the process for seconds more.
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
