import { report } from "./audience.ts";
import { createBackoff } from "./backoff.ts";
import type { ClientParts } from "./client-parts.ts";

/** A module that is loaded when it is first needed. */
export interface LaterCode<Module> {
  /** Calls `task` once: with the module, at once if it is here; or with `undefined` when the client is closed before. In order. */
  use(task: (module: Module | undefined) => void): void;
  close(): void;
}

/**
 * Makes one that is not needed yet. It is loaded while online, because a browser may never try a module again that it could not load
 * once; a failure is reported and loading tried again.
 */
export function createLaterCode<Module>(
  { connection, clock, timing }: ClientParts,
  load: () => Promise<Module>,
): LaterCode<Module> {
  const backoff = createBackoff(clock, timing);
  const waiting: ((module: Module | undefined) => void)[] = [];
  let module: Module | undefined;
  /** Is being loaded, or has been. */
  let begun = false;

  function begin(): void {
    if (begun || waiting.length === 0 || !connection.isOnline) return;
    begun = true;
    load().then(
      (loaded) => settle((module = loaded)),
      (error: unknown) => {
        report(error);
        begun = false;
        backoff.schedule(begin);
      },
    );
  }

  function settle(given?: Module): void {
    for (const task of waiting.splice(0)) task(given);
  }

  connection.addUser({ online: begin });
  return {
    use(task) {
      if (module) return task(module);
      waiting.push(task);
      begin();
    },
    close() {
      backoff.reset();
      settle();
    },
  };
}
