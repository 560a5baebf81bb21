import { resolve } from "node:path";
import { run, runScript, SetupError } from "./child.mjs";
import { ensureReady } from "./ensure.mjs";

// node tools/setup/run.mjs <file> [arguments]: sets everything up, then runs a built file. Standard output is the file's own.
await runScript(async () => {
  const [file, ...args] = process.argv.slice(2);
  if (!file) throw new SetupError("Usage: node tools/setup/run.mjs <file> [arguments]");
  const path = resolve(file);
  await ensureReady();
  return run(process.execPath, [path, ...args]);
});
