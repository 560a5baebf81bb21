#!/usr/bin/env node
import { systemClock } from "../base/clock.ts";
import { runCli } from "./run-cli.ts";

const stopping = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stopping.abort());

// The clock of a server keeps no process alive; a command that waits for its next round has to.
// oxlint-disable-next-line no-restricted-globals
const alive = setInterval(() => undefined, 60_000);
process.exitCode = await runCli(process.argv.slice(2), {
  clock: systemClock,
  out: process.stdout,
  err: process.stderr,
  signal: stopping.signal,
});
clearInterval(alive);
