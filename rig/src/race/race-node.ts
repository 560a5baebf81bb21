import { serveNode } from "../node-process.ts";
import { openRacer } from "./racer.ts";
import type { Racer } from "./race-plan.ts";

const [name, redisUrl] = process.argv.slice(2);
const racer = await openRacer(name as Racer, redisUrl!);

serveNode({
  run: (seed, startsAtMs) => racer.run(seed as number, startsAtMs as number),
  close: () => racer.close(),
});
