import { useLive } from "@livecache/client/react";
import type { LinesAnswer, MachinesAnswer, ProcessesAnswer } from "../../src/answers.ts";

/** Lines, machines and processes, retired ones too. `data` is there when all three are. */
export function usePlant() {
  const lines = useLive<LinesAnswer>("/api/lines");
  const machines = useLive<MachinesAnswer>("/api/machines");
  const processes = useLive<ProcessesAnswer>("/api/processes");
  const all = [lines, machines, processes];
  return {
    data: lines.data &&
      machines.data &&
      processes.data && { ...lines.data, ...machines.data, ...processes.data },
    error: all.find(({ error }) => error)?.error,
    refetch: () => void Promise.all(all.map(({ refetch }) => refetch())),
  };
}

/** Those that new audits can be made with. */
export function inUse<T extends { readonly retired: boolean }>(places: readonly T[]): T[] {
  return places.filter(({ retired }) => !retired);
}
