import { createProfiler } from "../../node/profiler.ts";
import { GUARDED } from "./roster.ts";
import type { GuardedName } from "./roster.ts";
import type { GuardedSite } from "./guarded-site.ts";

/** What the process of a guarded route can be asked to do. */
export function createGuardedActs() {
  let open: GuardedSite | undefined;
  const site = (): GuardedSite => {
    if (!open) throw new Error("the route is not open");
    return open;
  };
  return {
    ...createProfiler(),
    async open(name: string, redisUrl: string): Promise<void> {
      open = await GUARDED[name as GuardedName](redisUrl);
    },
    port: () => site().port,
    admitted: () => site().admitted(),
    refused: () => site().refused?.(),
    /** Processor time of this process so far, in microseconds. */
    cpuUs(): number {
      const { user, system } = process.cpuUsage();
      return user + system;
    },
    async close(): Promise<void> {
      await open?.close();
    },
  };
}
