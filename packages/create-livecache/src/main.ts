#!/usr/bin/env node
import { createInterface } from "node:readline/promises";
import { runStarter } from "./run-starter.ts";

const { stdin, stdout, stderr, env } = process;

/** Asks at the terminal; ends with what stands there already when the input ends. */
async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: stdin, output: stderr });
  const answer = await terminal.question(question);
  terminal.close();
  return answer;
}

process.exitCode = await runStarter(process.argv.slice(2), {
  out: (text) => void stdout.write(text),
  err: (text) => void stderr.write(text),
  env,
  cwd: process.cwd(),
  ...(stdin.isTTY && stderr.isTTY && { ask }),
});
