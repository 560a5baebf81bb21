import { parseArgs } from "node:util";
import { fuzz } from "./fuzz.ts";

const HELP = `Throws strange packets and handshakes at a server with every kind of channel, and looks whether it lives.

  npm run fuzz -- [--packets 1000000] [--seed 1]

The last line is one JSON object; exit code 1 when the process ended, a promise was left alone, a prototype was changed, or a good
frame was not answered.`;

const { values } = parseArgs({
  options: {
    packets: { type: "string", default: "1000000" },
    seed: { type: "string", default: "1" },
    help: { type: "boolean", default: false },
  },
});
const [packets, seed] = [Number(values.packets), Number(values.seed)];
if (values.help) {
  process.stdout.write(`${HELP}\n`);
} else if (!(Number.isSafeInteger(packets) && packets >= 1 && Number.isSafeInteger(seed))) {
  process.stderr.write(`packets: a whole number from 1; seed: a whole number\n\n${HELP}\n`);
  process.exitCode = 2;
} else {
  const startedAt = performance.now();
  const figures = await fuzz({ packets, seed });
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  process.stdout.write(`${JSON.stringify({ ...figures, seed, seconds })}\n`);
  const { exits, rejections, isPolluted, silent } = figures;
  process.exitCode = exits + rejections.length + silent > 0 || isPolluted ? 1 : 0;
}
