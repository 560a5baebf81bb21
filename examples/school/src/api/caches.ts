import { warmingRoutes } from "example-kit/warming";
import type { Warming } from "example-kit/warming";
import { Router } from "express";
import { operations } from "livecache/operations";
import type { CacheTestAnswer, CachesAnswer } from "../answers.ts";
import { may, whoOf } from "./guard.ts";
import type { RouteParts } from "./guard.ts";

/** How the caches are, for those who run them. What is answered here is of this moment, and never cached. */
export function cacheRoutes({ warming, ...parts }: RouteParts & { readonly warming: Warming }): Router {
  const { live } = parts;
  const router = Router();
  const mayManage = may(parts, "caches:manage");
  router.use("/caches", mayManage);
  router.use(warmingRoutes(warming, mayManage));
  // For the console and the command line.
  const guard = (request: object) => ({ name: whoOf(request).name, role: "act" as const });
  router.use("/operations", mayManage, operations(live, { guard }));

  router.get("/caches", async (_request, response) => {
    const status = live.status();
    const stats = await live.cache.getStats();
    const away = status.state === "away" ? status.cause : undefined;
    const words = stats.type === "memory" ? "Redis not configured" : (away ?? "Redis client connected");
    const redis = {
      ...{ connected: stats.connected, words },
      advice: status.advice.map(({ what, fix }) => `${what} ${fix}`),
    };
    response.set("Cache-Control", "no-store").json({
      ...{ stats, redis, node: live.node },
      revoked: live.tokens.status().size,
    } satisfies CachesAnswer);
  });

  // Forgets every key below it in one step, however many there are, and tells the pages that show one.
  router.delete("/caches/dashboards", async (_request, response) => {
    await live.change({ tags: ["dashboard"] });
    response.json({ message: "Every dashboard is made anew when somebody asks for it." });
  });

  router.post("/caches/test", async (_request, response) => {
    response.json({ steps: await tryOut(parts) } satisfies CacheTestAnswer);
  });
  return router;
}

/** Goes through what a cache does, on an entry of its own. */
async function tryOut({ live: { cache } }: RouteParts): Promise<CacheTestAnswer["steps"]> {
  const steps: { call: string; answer: unknown }[] = [];
  const note = async (call: string, answer: Promise<unknown>): Promise<void> => {
    steps.push({ call, answer: (await answer) ?? null });
  };
  await note(
    'set("test:key", { data: "value" }, 60000 ms)',
    cache.set("test:key", { data: "value" }, { ttl: { milliseconds: 60_000 } }).then(() => "stored"),
  );
  await note('get("test:key")', cache.get("test:key"));
  await note('has("test:key")', cache.has("test:key"));
  await note(
    'getOrSet("test:key", …)',
    cache.getOrSet("test:key", () => "loaded", { ttl: { milliseconds: 60_000 } }),
  );
  await note(
    'delete("test:key")',
    cache.delete("test:key").then(() => "deleted"),
  );
  await note('has("test:key")', cache.has("test:key"));
  return steps;
}
