import { defineConfig } from "vitest/config";

const IGNORED = ["**/node_modules/**", "**/dist/**"];
/** Tests that start something real: a Redis, a PostgreSQL, a browser, a second process. */
const REAL = [
  "{packages,rig,bench,examples}/**/test/**/*.test.{ts,tsx}",
  "{packages,rig,bench,examples}/**/*.{redis,postgres,browser}.test.ts",
];
/** Tests of the client, some of which need a page's globals, and others their absence. */
const CLIENT = "packages/client/src/**/*.test.{ts,tsx}";

/** Those of the server. */
const SERVER = REAL.map((pattern) => pattern.replace(/^\{[^}]*\}/, "packages/server"));

/** Those in which a library is another one: what they load must be nobody else's. */
const ALONE = ["packages/server/test/http/express4.test.ts"];

/** What is built needs no transformation: Node loads it by itself, in a quarter of the time. */
const LOADING = { server: { deps: { external: [/\/dist\//] } } };

/** How tests run that need nothing but a thread. */
const QUICK = { pool: "threads", maxWorkers: 3, sequence: { groupOrder: 0 }, ...LOADING } as const;

/** How tests run that start something real. */
const REALLY = {
  pool: "forks",
  maxWorkers: 3,
  // As below, under `unit`: most of the time of many a file would go into loading what it tests.
  isolate: false,
  sequence: { groupOrder: 1 },
  testTimeout: 60_000,
  hookTimeout: 60_000,
  ...LOADING,
  // A machine that runs other things beside must not fail what only takes longer.
  expect: { poll: { timeout: 5_000 } },
} as const;

/** Suites that this machine cannot run; tools/setup/test.mjs says so aloud. */
const missing = [
  ...(process.env["LIVECACHE_SKIP_REDIS"] === "1" ? ["**/*.redis.*"] : []),
  ...(process.env["LIVECACHE_SKIP_POSTGRES"] === "1" ? ["**/*.postgres.*"] : []),
  ...(process.env["LIVECACHE_SKIP_BROWSER"] === "1" ? ["**/*.browser.*"] : []),
];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["{packages,rig,bench,examples}/**/*.test.{ts,tsx}", "tools/**/*.test.mjs"],
          exclude: [...IGNORED, ...REAL, CLIENT],
          ...QUICK,
          // Files share a thread and what it has loaded: no module of ours keeps anything.
          isolate: false,
        },
      },
      {
        test: {
          name: "client",
          include: [CLIENT],
          exclude: [...IGNORED, ...REAL],
          ...QUICK,
        },
      },
      {
        test: {
          name: "server",
          include: SERVER,
          exclude: [...IGNORED, ...missing, ...ALONE],
          ...REALLY,
        },
      },
      {
        test: {
          name: "alone",
          include: ALONE,
          ...REALLY,
          isolate: true,
        },
      },
      {
        test: {
          name: "real",
          include: REAL,
          exclude: [...IGNORED, ...missing, ...SERVER],
          ...REALLY,
        },
      },
    ],
  },
});
