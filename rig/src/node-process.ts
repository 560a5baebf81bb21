import { fork } from "node:child_process";
import { atExit } from "./at-exit.ts";

/** Options of {@link startNode}. */
export interface StartNodeOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** A Node process of our own that answers calls. */
export interface NodeProcess {
  readonly pid: number;
  /** Calls a method that the process serves. Rejects with the method's error, or when the process ends first. */
  call(method: string, ...args: readonly unknown[]): Promise<unknown>;
  /** SIGKILL. Resolves when the process is gone. */
  kill(): Promise<void>;
  /** Asks it to close, then waits for its end; after 5 s it is killed. Idempotent. */
  close(): Promise<void>;
  /** How it ended: its exit code, or its signal; `undefined` while it runs. */
  ended(): number | NodeJS.Signals | undefined;
  /** What it has written to standard error. */
  errors(): string;
}

interface Request {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

type Reply =
  { readonly id: number; readonly value?: unknown; readonly error?: string } | { readonly ready: true };

/** Starts a module that calls {@link serveNode}, and resolves when it serves. */
export function startNode(
  module: string | URL,
  { args = [], env = {} }: StartNodeOptions = {},
): Promise<NodeProcess> {
  const child = fork(module, args, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "inherit", "pipe", "ipc"],
  });
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let lastId = 0;
  let errors = "";
  let ended: number | NodeJS.Signals | undefined;
  child.stderr?.on("data", (chunk) => (errors += String(chunk)));
  const callOff = atExit(() => child.kill("SIGKILL"));
  const gone = new Promise<void>((resolve) =>
    child.once("exit", (code, signal) => {
      callOff();
      ended = code ?? signal ?? 0;
      for (const { reject } of waiting.values())
        reject(new Error(`the process ended with ${ended}: ${errors}`));
      waiting.clear();
      resolve();
    }),
  );

  function call(method: string, ...callArgs: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (ended !== undefined) return reject(new Error(`the process has ended with ${ended}`));
      const request: Request = { id: ++lastId, method, args: callArgs };
      waiting.set(request.id, { resolve, reject });
      child.send(request, (error) => {
        if (error && waiting.delete(request.id)) reject(error);
      });
    });
  }

  async function kill(): Promise<void> {
    child.kill("SIGKILL");
    await gone;
  }

  async function close(): Promise<void> {
    if (ended !== undefined) return;
    const patience = setTimeout(() => child.kill("SIGKILL"), 5_000);
    await call("close").catch(() => undefined);
    if (child.connected) child.disconnect();
    await gone;
    clearTimeout(patience);
  }

  return new Promise((resolve, reject) => {
    waiting.set(0, { resolve: () => undefined, reject });
    child.on("message", (message: Reply) => {
      if ("ready" in message) {
        waiting.delete(0);
        resolve({ pid: child.pid!, call, kill, close, ended: () => ended, errors: () => errors });
        return;
      }
      const caller = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.error === undefined) caller?.resolve(message.value);
      else caller?.reject(new Error(message.error));
    });
  });
}

/** Serves the calls of the process that started this one. Ends the process when that one is gone. */
export function serveNode(methods: Readonly<Record<string, (...args: unknown[]) => unknown>>): void {
  const send = (reply: Reply): void => void process.send?.(reply);
  process.on("message", (request: Request) => {
    const { id, method, args } = request;
    Promise.resolve()
      .then(() => methods[method]!(...args))
      .then(
        (value) => send({ id, value }),
        (error: unknown) =>
          send({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
      );
  });
  process.once("disconnect", () => process.exit(0));
  send({ ready: true });
}
