import { Session } from "node:inspector/promises";
import type { CpuProfile } from "../profile/summary.ts";

/** Profiles this process: what `--cpu-prof` does, without the start of the process. */
export function createProfiler() {
  let session: Session | undefined;
  return {
    async profileStart() {
      session = new Session();
      session.connect();
      await session.post("Profiler.enable");
      await session.post("Profiler.setSamplingInterval", { interval: 200 });
      await session.post("Profiler.start");
    },
    async profileStop(): Promise<CpuProfile> {
      if (!session) throw new Error("nothing is profiled");
      const { profile } = await session.post("Profiler.stop");
      session.disconnect();
      return profile;
    },
  };
}
