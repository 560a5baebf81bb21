import { join } from "node:path";
import { run, runScript, SetupError } from "./child.mjs";
import { ensureTemplate } from "./embedded-template.mjs";
import { ensureReady, ROOT } from "./ensure.mjs";
import { ensurePages } from "./pages.mjs";
import { ensureProgram, installHint, REDIS } from "./programs.mjs";

// npm start: sets everything up and runs the showcase of all applications. PORT, REDIS_URL, DATABASE_URL and DATA_DIR reach it as they are.
// With --cluster it runs as three processes, on a Redis of their own unless REDIS_URL names one.
await runScript(async () => {
  const isCluster = process.argv.includes("--cluster");
  await ensureReady();
  if (isCluster && !process.env["REDIS_URL"]) await offerRedis();
  // The pages are built by another process meanwhile.
  await Promise.all([ensurePages(), ensureTemplate()]);
  return run(process.execPath, [
    join(ROOT, "examples/showcase/dist", isCluster ? "cluster/main.js" : "main.js"),
  ]);
});

/** Finds redis-server, or installs it, and says where it is. */
async function offerRedis() {
  const found = await ensureProgram(REDIS);
  if (!found) {
    throw new SetupError(
      `The cluster needs a Redis. ${installHint(REDIS)}\nOr give it one: REDIS_URL=redis://… npm run start:cluster\nnpm start needs none.`,
    );
  }
  process.env[REDIS.variable] = found;
}
