import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

/** A process of ours, which ends when this one does. */
export interface Child<Told> {
  readonly pid: number | undefined;
  /** Resolves when the process is gone, however that came. */
  readonly gone: Promise<void>;
  send(message: object): void;
  /** SIGKILL: nothing is closed, nothing is said. */
  kill(): Promise<void>;
  /** Lets it close everything. Resolves when it is gone. */
  stop(): Promise<void>;
  /** Waits for the first message that fits; rejects when the process ends before that. */
  next<T extends Told>(fits: (told: Told) => told is T): Promise<T>;
}

export interface ChildParts<Told> {
  readonly main: URL;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onTold: (told: Told) => void;
}

/** How long a process may take to close everything. */
const PATIENCE_MS = 8_000;

/**
 * Starts a process that speaks with this one. It has a process group of its own: Ctrl-C in a terminal is for us, and we close the others in
 * good order. Whatever happens to us, its channel closes, and it ends by {@link serveParent}.
 */
export function startChild<Told>({ main, env, onTold }: ChildParts<Told>): Child<Told> {
  const child: ChildProcess = fork(fileURLToPath(main), {
    env: { ...process.env, ...env },
    detached: true,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const gone = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  child.on("message", (told) => onTold(told as Told));
  const isGone = (): boolean =>
    child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
  return {
    pid: child.pid,
    gone,
    send(message) {
      if (child.connected) child.send(message, () => undefined);
    },
    async kill() {
      if (!isGone()) child.kill("SIGKILL");
      await gone;
    },
    async stop() {
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
      await gone;
      clearTimeout(timer);
    },
    async next(fits) {
      return new Promise((resolve, reject) => {
        const look = (told: unknown): void => {
          if (!fits(told as Told)) return;
          child.off("message", look);
          resolve(told as never);
        };
        child.on("message", look);
        void gone.then(() => reject(new Error(`${fileURLToPath(main)} ended`)));
      });
    },
  };
}

/** The other end, in the process that was started: ends it in good order when its parent lets go of it, or is gone. */
export function serveParent(close: () => Promise<void>): void {
  process.on("SIGINT", () => undefined);
  const end = (): void => {
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.once("disconnect", end);
  process.once("SIGTERM", end);
}

/** Says something to the parent. */
export function tellParent(message: object): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}
