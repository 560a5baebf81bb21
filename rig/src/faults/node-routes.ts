import type { Express, Request, Response } from "express";
import { isLiveError } from "livecache";
import type { Live } from "livecache";
import type { RowItem, contract } from "./contract.ts";
import { LIMITS, MAX_STALE_MS } from "./contract.ts";

/** What the routes work with. */
export interface RouteParts {
  readonly live: Live<typeof contract>;
  readonly load: (rows: string) => Promise<Readonly<Record<string, number>>>;
  readonly tagsOf: (rows: string) => string[];
}

type Handler = (req: Request<Record<string, string>>) => unknown;

/** How long sessions and tokens live: longer than a run. */
const LONG_MS = 24 * 3_600_000;

/** Answers what a handler does as JSON; an error of Livecache as 503 with its code. */
function answering(handle: Handler) {
  return async (req: Request<Record<string, string>>, res: Response): Promise<void> => {
    try {
      res.json((await handle(req)) ?? {});
    } catch (error) {
      if (isLiveError(error)) res.status(503).json({ code: error.code, message: error.message });
      else res.status(500).json({ code: String(error) });
    }
  };
}

/** Adds what the load of a run asks for. */
export function addRoutes(app: Express, { live, load, tagsOf }: RouteParts): void {
  const readData = async (key: string) => {
    const options = { ttl: "30s", tags: tagsOf(key) } as const;
    const beganAtMs = performance.now();
    const { value, reason } = await live.cache.resolve(`data:${key}`, () => load(key), options);
    return { key, versions: value, reason, tookMs: performance.now() - beganAtMs };
  };
  app.get(
    "/data/:keys",
    answering(async ({ params }) => ({ read: await Promise.all(params["keys"]!.split(",").map(readData)) })),
  );
  app.post(
    "/change",
    answering(({ query }) => {
      const { row, channel, id, version, atMs, applied } = query as Record<string, string>;
      const item: RowItem = { id: id!, atMs: Number(atMs), row: row!, version: Number(version) };
      return live.change({
        tags: [`row:${row}`],
        emit: [live.event("news/:id", { id: channel! }, "item", item)],
        ...(applied === "yes" && { wait: "applied" }),
      });
    }),
  );
  app.post(
    "/revoke/:token",
    answering(({ params }) => live.tokens.revoke(params["token"]!, Date.now() + LONG_MS)),
  );
  app.get(
    "/check/:token",
    answering(({ params }) => {
      return { verdict: live.tokens.check({ jti: params["token"] }, { maxStale: `${MAX_STALE_MS}ms` }) };
    }),
  );
  app.post(
    "/sessions/:id",
    answering(({ params }) =>
      live.sessions.create(params["id"]!, { idleMs: LONG_MS, userId: userOf(params["id"]!) }),
    ),
  );
  app.delete(
    "/sessions/:id",
    answering(async ({ params }) => ({ ended: await live.sessions.end(params["id"]!) })),
  );
  app.get(
    "/sessions/:id",
    answering(async ({ params }) => {
      const session = await live.sessions.read(params["id"]!);
      return { outcome: session ? (session.isCopy ? "copy" : "there") : "gone" };
    }),
  );
  app.post(
    "/take/:limit/:subject",
    answering(({ params }) => {
      const policy = LIMITS[params["limit"] as keyof typeof LIMITS];
      return live.limits.take({ policy, subject: params["subject"]! });
    }),
  );
  app.get(
    "/presence/:channel",
    answering(({ params }) => live.presence.of("news/:id", { id: params["channel"]! })),
  );
}

/** Some users, so that nobody has more sessions than a user may have. */
function userOf(sessionId: string): string {
  return `user-${Number(sessionId.slice(1)) % 10}`;
}
