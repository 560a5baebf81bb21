import { join } from "node:path";
import { run, runScript } from "./child.mjs";
import { ensureReady, ROOT } from "./ensure.mjs";
import { ensurePages } from "./pages.mjs";

// npm start: sets everything up and runs the example. PORT, REDIS_URL and DATABASE_URL reach it as they are.
await runScript(async () => {
  await ensureReady();
  await ensurePages();
  return run(process.execPath, [join(ROOT, "examples/hostel-issues/dist/main.js"), ...process.argv.slice(2)]);
});
