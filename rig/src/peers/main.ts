import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { startRedis } from "../redis-process.ts";
import { runExpressSession } from "./express-session.ts";

const HELP = `Runs the tests of another library over what Livecache has in its place, in memory and on a Redis of its own.

  npm run peer-suites -- --express-session <checkout>

The checkout is a clone of expressjs/session with its dependencies installed. The last line is one JSON object; exit code 1 when a test
failed.`;

const { values } = parseArgs({
  options: { "express-session": { type: "string" }, help: { type: "boolean", default: false } },
});
const checkout = values["express-session"];
if (values.help) {
  process.stdout.write(`${HELP}\n`);
} else if (checkout === undefined) {
  process.stderr.write(`--express-session: the folder of a checkout\n\n${HELP}\n`);
  process.exitCode = 2;
} else {
  const redis = await startRedis();
  try {
    const memory = await runExpressSession(resolve(checkout));
    const onRedis = await runExpressSession(resolve(checkout), redis.url);
    process.stdout.write(`${JSON.stringify({ suite: "express-session", memory, redis: onRedis })}\n`);
    process.exitCode = memory.failures.length + onRedis.failures.length > 0 ? 1 : 0;
  } finally {
    await redis.close();
  }
}
