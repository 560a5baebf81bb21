#!/usr/bin/env node
import { systemClock } from "../base/clock.ts";
import { runCli } from "./run-cli.ts";

const stopping = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stopping.abort());
// Whoever reads the output has enough of it: `livecache keys | head`.
process.stdout.on("error", () => stopping.abort());

// The clock of a server keeps no process alive; a command that waits for its next round has to.
// oxlint-disable-next-line no-restricted-globals
const alive = setInterval(() => undefined, 60_000);
process.exitCode = await runCli(process.argv.slice(2), {
  clock: systemClock,
  out: process.stdout,
  err: process.stderr,
  input: process.stdin,
  env: process.env,
  cwd: process.cwd(),
  signal: stopping.signal,
});
clearInterval(alive);
