/**
 * What may import what. A room is a folder (or one file) of the house; `*` stands for one folder name.
 *
 * @typedef {object} Room
 * @property {string} name
 * @property {string} at where it lives; the longest match wins
 * @property {readonly string[]} may rooms it may import; `public` stands for the public entries of every package
 * @property {readonly string[]} [types] rooms it may import with `import type` only
 * @property {readonly string[]} outside what it may use from elsewhere: `node` for Node's own modules, package names,
 *   or `declared` for whatever its package.json names, apart from the host libraries below; `bundled`: it is built into pages, so that what is
 *   declared for development counts too
 */

const SERVER = "packages/server/src";

/** @type {readonly Room[]} */
export const ROOMS = [
  { name: "wire", at: "packages/wire/src", may: [], outside: [] },

  { name: "base", at: `${SERVER}/base`, may: ["wire"], outside: ["node"] },
  { name: "ports", at: `${SERVER}/ports`, may: ["base"], types: ["wire"], outside: [] },

  { name: "cache", at: `${SERVER}/cache`, may: ["base", "ports", "wire"], outside: ["node", "lru-cache"] },
  { name: "change", at: `${SERVER}/change`, may: ["base", "ports", "wire"], outside: ["node"] },
  { name: "live", at: `${SERVER}/live`, may: ["base", "ports", "wire"], outside: ["node"] },
  {
    name: "sessions",
    at: `${SERVER}/sessions`,
    may: ["base", "ports", "wire"],
    outside: ["node", "lru-cache"],
  },
  { name: "regions", at: `${SERVER}/regions`, may: ["base", "ports", "wire"], outside: ["node"] },
  { name: "presence", at: `${SERVER}/presence`, may: ["base", "ports", "wire"], outside: ["node"] },
  { name: "messages", at: `${SERVER}/messages`, may: ["base", "ports", "wire"], outside: ["node"] },
  { name: "typing", at: `${SERVER}/typing`, may: ["base", "ports", "wire"], outside: [] },
  { name: "notifications", at: `${SERVER}/notifications`, may: ["base", "ports", "wire"], outside: [] },
  { name: "limits", at: `${SERVER}/limits`, may: ["base", "ports", "wire"], outside: ["node", "lru-cache"] },
  { name: "tokens", at: `${SERVER}/tokens`, may: ["base", "ports", "wire"], outside: ["node"] },

  { name: "trace", at: `${SERVER}/trace`, may: ["base", "wire"], outside: [] },
  { name: "admin", at: `${SERVER}/admin`, may: ["base", "ports", "wire"], outside: ["node"] },

  { name: "memory", at: `${SERVER}/memory`, may: ["base", "ports", "wire"], outside: ["node", "lru-cache"] },
  {
    name: "redis",
    at: `${SERVER}/redis`,
    may: ["base", "ports", "wire"],
    outside: ["node", "lru-cache", "redis", "cluster-key-slot"],
  },

  {
    name: "http",
    at: `${SERVER}/http`,
    may: ["base", "wire", "cache", "change", "live", "limits"],
    types: ["ports", "assembly", "sessions"],
    outside: ["node", "cookie", "cookie-signature"],
  },
  {
    name: "express",
    at: `${SERVER}/express`,
    may: ["base", "wire", "cache", "change", "live", "limits", "http"],
    types: ["ports", "assembly"],
    outside: ["node", "express", "light-my-request"],
  },
  {
    name: "fastify",
    at: `${SERVER}/fastify`,
    may: ["base", "wire", "cache", "change", "live", "limits", "http"],
    types: ["ports", "assembly"],
    outside: ["node", "fastify"],
  },
  {
    name: "hono",
    at: `${SERVER}/hono`,
    may: ["base", "wire", "cache", "change", "live", "limits", "http"],
    types: ["ports", "assembly"],
    outside: ["node", "hono"],
  },
  {
    name: "session",
    at: `${SERVER}/session`,
    may: ["base", "wire", "http"],
    types: ["ports", "assembly", "sessions"],
    outside: ["node", "express-session"],
  },
  {
    name: "lane",
    at: `${SERVER}/lane`,
    may: ["base", "wire", "cache", "change", "live", "http"],
    types: ["ports", "assembly"],
    outside: ["node", "lru-cache"],
  },
  {
    name: "telemetry",
    at: `${SERVER}/telemetry`,
    may: ["base", "wire"],
    types: ["assembly"],
    outside: ["node", "@opentelemetry/api"],
  },
  {
    name: "operations",
    at: `${SERVER}/operations`,
    may: ["base", "wire", "http"],
    types: ["assembly"],
    outside: ["node"],
  },
  {
    name: "socketio",
    at: `${SERVER}/socketio`,
    may: ["base", "wire", "cache", "change", "live", "limits"],
    types: ["ports", "assembly"],
    outside: ["node", "socket.io"],
  },
  {
    name: "postgres",
    at: `${SERVER}/postgres`,
    may: ["base", "wire", "change"],
    types: ["ports", "assembly", "live"],
    outside: ["node", "pg", "pg-logical-replication"],
  },
  {
    name: "mongo",
    at: `${SERVER}/mongo`,
    may: ["base", "wire", "change"],
    types: ["ports", "assembly"],
    outside: ["node", "mongodb"],
  },
  {
    name: "jwt",
    at: `${SERVER}/jwt`,
    may: ["base", "wire"],
    types: ["assembly"],
    outside: ["node", "jose", "lru-cache"],
  },

  {
    name: "assembly",
    at: `${SERVER}/assembly`,
    may: [
      ...["base", "ports", "wire", "cache", "change", "live", "presence", "regions", "memory"],
      ...["messages", "typing", "notifications", "limits", "tokens", "sessions", "trace", "admin"],
    ],
    outside: ["node"],
  },
  { name: "cli", at: `${SERVER}/cli`, may: ["base", "wire", "redis"], outside: ["node", "commander"] },
  { name: "conformance", at: `${SERVER}/conformance`, may: ["base", "ports", "wire"], outside: ["node"] },
  {
    name: "livecache",
    at: `${SERVER}/index.ts`,
    may: [
      "wire",
      "base",
      "ports",
      "cache",
      "change",
      "live",
      "presence",
      "regions",
      "limits",
      "tokens",
      "sessions",
      "memory",
      "assembly",
    ],
    outside: [],
  },

  { name: "client", at: "packages/client/src", may: ["wire"], outside: ["socket.io-client"] },
  {
    name: "client/tanstack",
    at: "packages/client/src/tanstack",
    may: ["client", "wire"],
    outside: ["@tanstack/react-query"],
  },
  { name: "client/react", at: "packages/client/src/react", may: ["client", "wire"], outside: ["react"] },

  { name: "rig", at: "rig/src", may: ["public"], outside: ["node", "declared"] },
  { name: "bench", at: "bench", may: ["public"], outside: ["node", "declared"] },
  { name: "example", at: "examples/*/src", may: ["public"], outside: ["node", "declared"] },
  {
    name: "page",
    at: "examples/*/web",
    may: ["example", "client", "client/react", "wire"],
    outside: ["declared"],
  },
  { name: "console", at: "packages/console/src", may: ["wire", "public"], outside: ["node"] },
  {
    name: "console/pages",
    at: "packages/console/web",
    may: ["wire"],
    outside: ["declared", "bundled"],
  },
  { name: "create", at: "packages/create-livecache/src", may: [], outside: ["node"] },
  { name: "site", at: "site", may: ["public"], outside: ["node", "declared"] },
  { name: "kit", at: "examples/kit", may: ["public"], outside: ["node", "declared"] },
  { name: "build", at: "packages/*/build-scripts.mjs", may: [], outside: ["node"] },
  { name: "tools", at: "tools", may: ["public"], outside: ["node", "declared"] },
];

/** Host libraries, and the only rooms that may import each. */
export const HOSTS = {
  redis: ["redis", "rig", "bench"],
  express: ["express", "bench", "example", "kit", "rig"],
  "express-session": ["session", "rig", "bench", "example"],
  fastify: ["fastify", "bench"],
  hono: ["hono", "bench"],
  jose: ["jwt", "bench", "example"],
  mongodb: ["mongo"],
  pg: ["postgres", "rig", "example"],
  "pg-logical-replication": ["postgres"],
  "socket.io": ["socketio", "rig", "bench", "example", "kit"],
  "socket.io-client": ["client", "rig"],
  react: ["client/react", "page", "kit", "console/pages"],
  "react-dom": ["page", "console/pages"],
  commander: ["cli"],
  "@opentelemetry/api": ["telemetry"],
};
