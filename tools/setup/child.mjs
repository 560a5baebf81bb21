import { spawn } from "node:child_process";
import { constants } from "node:os";

const SIGNALS = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);

const PARENT = process.ppid;
const PARENT_ASKED_EVERY_MS = 200;

/**
 * Runs a command to its end, with this process's own input and output, and answers its exit code. What ends the script
 * ends the command: a signal is passed on, and so is the end of npm; the script then ends with the command's exit code.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, chatter?: boolean }} [options] `chatter` sends its standard output to standard
 *   error, which keeps standard output for what the user asked for
 * @returns {Promise<number>} 128 + the signal's number when a signal ended it; 127 when it could not be started
 */
export function run(command, args, { env, chatter = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ["inherit", chatter ? 2 : "inherit", "inherit"],
      shell: process.platform === "win32" && command === "npm",
    });
    let isEnding = false;
    const forward = (signal) => {
      isEnding = true;
      // Ctrl-C in a terminal reaches the whole group: the command has heard it already.
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    };
    for (const signal of SIGNALS) process.on(signal, forward);
    const stopWatching = onNpmGone(() => forward("SIGTERM"));
    const end = (code) => {
      stopWatching();
      for (const signal of SIGNALS) process.off(signal, forward);
      if (isEnding) process.exit(code);
      resolve(code);
    };
    child.on("error", (error) => {
      console.error(`${command} could not be started: ${error.message}`);
      end(127);
    });
    child.on("exit", (code, signal) => end(signal ? 128 + constants.signals[signal] : code));
  });
}

/** A signal to npm ends the shell between npm and this script, which passes nothing on: only our parent changes. */
function onNpmGone(tell) {
  if (!process.env["npm_lifecycle_event"]) return () => {};
  const timer = setInterval(() => {
    if (process.ppid === PARENT) return;
    clearInterval(timer);
    tell();
  }, PARENT_ASKED_EVERY_MS);
  return () => clearInterval(timer);
}

/** Runs one step of the set-up, aloud. Throws when it fails. */
export async function step(title, command, args) {
  console.error(`> ${title}`);
  const code = await run(command, args, { chatter: true });
  if (code !== 0) throw new SetupError(`${title} failed (exit code ${code}).`, code);
}

/** A reason to stop that the user can act on: its message is all that is shown. */
export class SetupError extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Runs an entry script: the exit code of `main`, or of the {@link SetupError} it throws. */
export async function runScript(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`\n${error.message}`);
    process.exitCode = error.exitCode;
  }
}
