import { openBare, openExpressConstant, openFastifyConstant, openHonoConstant } from "./constant.ts";
import { openLivecacheExpress, openTutorialExpress, peerInExpress } from "./express-caches.ts";
import type { Route } from "./route.ts";

/** Every way of answering the route, by the name that stands in the tables. */
export const ROUTES = {
  "bare node:http": openBare,
  "Express, constant": openExpressConstant,
  "Fastify, constant": openFastifyConstant,
  "Hono, constant": openHonoConstant,
  "livecache in Express": openLivecacheExpress,
  "tutorial in Express": openTutorialExpress,
  "bentocache in Express": peerInExpress("bentocache"),
  "cacheable in Express": peerInExpress("cacheable"),
  "cache-manager in Express": peerInExpress("cache-manager"),
  "async-cache-dedupe in Express": peerInExpress("async-cache-dedupe"),
  "layered-loader in Express": peerInExpress("layered-loader"),
} as const satisfies Readonly<Record<string, Route>>;

/** One of the names above. */
export type RouteName = keyof typeof ROUTES;
