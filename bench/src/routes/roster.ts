import type { SubjectName } from "../subject/roster.ts";
import type { Route } from "./route.ts";

const inExpress =
  (name: SubjectName): Route =>
  async (setting) =>
    (await import("./express-caches.ts")).peerInExpress(name)(setting);

/** Every way of answering the route, by the name that stands in the tables. A process loads only what it opens. */
export const ROUTES = {
  "bare node:http": async (setting) => (await import("./bare.ts")).openBare(setting),
  "Express, constant": async (setting) => (await import("./constant.ts")).openExpressConstant(setting),
  "Fastify, constant": async (setting) => (await import("./constant.ts")).openFastifyConstant(setting),
  "Hono, constant": async (setting) => (await import("./constant.ts")).openHonoConstant(setting),
  "livecache in Express": async (setting) =>
    (await import("./livecache-express.ts")).openLivecacheExpress(setting),
  "livecache in the fast lane": async (setting) =>
    (await import("./livecache-express.ts")).openLivecacheLane(setting),
  "livecache in Fastify": async (setting) =>
    (await import("./livecache-fastify.ts")).openLivecacheFastify(setting),
  "livecache in Hono": async (setting) => (await import("./livecache-hono.ts")).openLivecacheHono(setting),
  "tutorial in Express": async (setting) =>
    (await import("./express-caches.ts")).openTutorialExpress(setting),
  "bentocache in Express": inExpress("bentocache"),
  "cacheable in Express": inExpress("cacheable"),
  "cache-manager in Express": inExpress("cache-manager"),
  "async-cache-dedupe in Express": inExpress("async-cache-dedupe"),
  "layered-loader in Express": inExpress("layered-loader"),
} as const satisfies Readonly<Record<string, Route>>;

/** One of the names above. */
export type RouteName = keyof typeof ROUTES;
