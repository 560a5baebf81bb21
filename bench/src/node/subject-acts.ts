import { createCell } from "./cell.ts";
import { createChangeActs } from "./change-acts.ts";
import { createProfiler } from "./profiler.ts";
import { createReadActs } from "./read-acts.ts";

/** What the process of a contestant can be asked to do. All that is answered can cross a process boundary. */
export function createSubjectActs() {
  const cell = createCell();
  const changes = createChangeActs(cell);
  return {
    ...createReadActs(cell),
    ...changes,
    ...createProfiler(),
    open: cell.open,
    async close() {
      changes.unfollow();
      await cell.close();
    },
  };
}
