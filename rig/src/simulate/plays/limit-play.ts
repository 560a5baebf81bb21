import { defineLimit } from "livecache";
import type { Play, Stage } from "../stage.ts";

const strict = defineLimit({ name: "strict", limit: 2, window: "1h", strict: true });
const shared = defineLimit({ name: "shared", limit: 2, window: "1h" });

/** Two limits, of which several nodes take. */
export function playLimit(stage: Stage): Play {
  const { site } = stage;
  const subject = stage.name("l");
  const allowed = { strict: 0, shared: 0 };
  const most = { strict: strict.limit, shared: shared.limit + site.nodes.length };

  async function take(which: "strict" | "shared"): Promise<void> {
    const policy = which === "strict" ? strict : shared;
    const reply = await stage.node().live.limits.take({ policy, subject });
    stage.count(`take ${which} ${reply.allowed ? "allowed" : "refused"} ${reply.scope}`);
    if (!reply.allowed) return;
    allowed[which]++;
    if (allowed[which] > most[which] && !stage.lost.isLost) stage.report(`over the limit: ${which}`, allowed);
  }

  const takeStrict = (): Promise<void> => take("strict");
  const takeShared = (): Promise<void> => take("shared");
  return {
    acts: [takeStrict, takeShared, takeStrict, takeShared],
    unsettled: async () => undefined,
    end: () => undefined,
  };
}
