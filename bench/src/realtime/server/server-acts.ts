import { createProfiler } from "../../node/profiler.ts";
import { CONTESTANTS } from "../sites/roster.ts";
import type { ContestantName } from "../sites/roster.ts";
import type { Site, SiteSetting } from "../sites/site.ts";
import { heldRss } from "./held-rss.ts";
import { publishAll } from "./publishing.ts";
import type { PublishPlan } from "./publishing.ts";
import { createUsage } from "./usage.ts";

/** What the process of a node can be asked to do. */
export function createServerActs() {
  const usage = createUsage();
  let open: Site | undefined;
  let uncaught = 0;
  const site = (): Site => {
    if (!open) throw new Error("the site is not open");
    return open;
  };
  return {
    ...createProfiler(),
    async open(name: ContestantName, setting: SiteSetting): Promise<number> {
      open = await CONTESTANTS[name].open(setting);
      return open.port;
    },
    publish: (plan: PublishPlan) => publishAll(site(), plan),
    begin: () => usage.begin(),
    used: () => usage.used(),
    heldRss,
    rss: () => process.memoryUsage.rss(),
    loads: () => site().loads(),
    present: (room: string) => site().present(room),
    /** From here on a rejection that nobody handles is counted instead of ending the process. */
    countUncaught(): void {
      process.on("unhandledRejection", () => uncaught++);
      process.on("uncaughtException", () => uncaught++);
    },
    uncaught: () => uncaught,
    async close(): Promise<void> {
      await open?.close();
    },
  };
}
