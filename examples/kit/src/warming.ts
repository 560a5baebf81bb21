import { Router } from "express";
import type { RequestHandler } from "express";
import type { KeepWarmOptions, KeptWarm, WarmProgress, WarmSummary } from "livecache";
import { z } from "zod";

/** How far the filling of one node's caches has come; it is over when `state` says so. */
export const warmingSchema = z.object({
  node: z.string(),
  state: z.enum(["running", "done"]),
  done: z.int(),
  total: z.int(),
  loaded: z.int(),
  alreadyThere: z.int(),
  notStored: z.int(),
  failed: z.int(),
  at: z.iso.datetime(),
});
export type WarmingState = z.infer<typeof warmingSchema>;

/** Keeps in the cache of this node what people look at first. */
export interface Warming {
  /** Begins a run, or joins the one under way. Never throws: what went wrong is logged. */
  start(): void;
  /** How far the last run has come; `null` before the first. */
  state(): WarmingState | null;
  stop(): Promise<void>;
}

/** What warming needs of an application's `live`: its contract has the channel `warming` with the event `progress`. */
export interface WarmedLive {
  readonly node: string;
  readonly cache: { keepWarm(options: KeepWarmOptions): KeptWarm };
  publish(
    channel: "warming",
    params: object,
    ...event: [name: "progress", state: WarmingState]
  ): Promise<unknown>;
}

export type WarmingPlan = Pick<KeepWarmOptions, "items" | "every">;

/** `GET` and `POST` of {@link warmingRoutes}: how far this node's last warming has come; `null` before the first. */
export interface WarmingAnswer {
  readonly warming: WarmingState | null;
}

/** Screens are told about so many times a run. */
const TELLINGS = 40;

/** Makes the warming of one node, which tells the channel `warming` how far it is. Nothing happens before `start()`. */
export function createWarming(live: WarmedLive, plan: WarmingPlan): Warming {
  let latest: WarmingState | null = null;

  function tell(state: WarmingState["state"], total: number, progress: WarmProgress | WarmSummary): void {
    const { done, loaded, alreadyThere, notStored, failed } = progress;
    const counts = { done, total, loaded, alreadyThere, notStored, failed };
    latest = { node: live.node, state, ...counts, at: new Date().toISOString() };
    // Who looks on is not told while Redis is away; the caches are not warm then either.
    live.publish("warming", {}, "progress", latest).catch(() => undefined);
  }

  const kept = live.cache.keepWarm({
    ...plan,
    atStart: false,
    onProgress(progress) {
      const { done, total = done } = progress;
      const isStep = done % Math.ceil(total / TELLINGS) === 0;
      if (isStep && done < total) tell("running", total, progress);
    },
    onDone(summary) {
      const { done, failed, failures } = summary;
      tell("done", done, summary);
      if (failed > 0) console.error(`warming: ${failed} of ${done} failed`, failures[0]);
    },
  });
  return {
    start: () => void kept.run().catch((error: unknown) => console.error("warming", error)),
    state: () => latest,
    stop: kept.stop,
  };
}

/** `GET` and `POST /warming`: how far it is, and to begin, for those whom `guard` lets pass. */
export function warmingRoutes(warming: Warming, guard: RequestHandler): Router {
  const router = Router();
  router
    .route("/warming")
    .all(guard)
    .get((_request, response) => {
      response.json({ warming: warming.state() } satisfies WarmingAnswer);
    })
    .post((_request, response) => {
      warming.start();
      response.status(202).json({ warming: warming.state() } satisfies WarmingAnswer);
    });
  return router;
}
