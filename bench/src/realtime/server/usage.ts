import { monitorEventLoopDelay } from "node:perf_hooks";

/** What a server has used since it was asked to measure. */
export interface Usage {
  /** Processor time with the kernel's share. */
  readonly cpuUs: number;
  /** Longest time that the event loop was held. */
  readonly loopMaxMs: number;
  readonly loopP99Ms: number;
}

/** How often the event loop is asked whether it is late. Its answers have this time in them. */
const RESOLUTION_MS = 2;

/** Makes what measures this process. */
export function createUsage() {
  const loop = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  let before = process.cpuUsage();
  const heldMs = (ns: number): number => Math.max(0, ns / 1e6 - RESOLUTION_MS);
  return {
    begin(): void {
      loop.enable();
      loop.reset();
      before = process.cpuUsage();
    },
    used(): Usage {
      const { user, system } = process.cpuUsage(before);
      return { cpuUs: user + system, loopMaxMs: heldMs(loop.max), loopP99Ms: heldMs(loop.percentile(99)) };
    },
  };
}
