import type { ChangeSink } from "../ports/change-source.ts";

/**
 * What a process is among those that have opened the source. `working`: it hands over. `alone`: nobody else seems to be at work, and it
 * will hand over what nobody else does. `standing by`: somebody else was seen at work.
 */
type Part = "working" | "alone" | "standing by";

/** The role of this process, which is told when it changes. */
export interface Role {
  isWorking(): boolean;
  take(part: Part): void;
  /** Says it again, after something else was said. */
  announce(): void;
}

/** A process begins standing by: another may be at work. */
export function createRole(sink: Pick<ChangeSink, "tell">): Role {
  let part: Part = "standing by";
  let told: "waiting" | "running" | undefined;
  const announce = (): void => {
    told = part === "standing by" ? "waiting" : "running";
    sink.tell({ state: told });
  };
  return {
    isWorking: () => part === "working",
    take(next) {
      part = next;
      if ((next === "standing by" ? "waiting" : "running") !== told) announce();
    },
    announce,
  };
}
