import { serveNode } from "@livecache/rig";
import { ROUTES } from "../routes/roster.ts";
import type { RouteName } from "../routes/roster.ts";
import { payloadMaker } from "../subject/payload.ts";
import { createProfiler } from "./profiler.ts";

// A server with one way of answering `/item`, in a process of its own.
const [name, redisUrl, bytes] = process.argv.slice(2) as [RouteName, string, string];
const make = payloadMaker(Number(bytes));
let loads = 0;
const route = await ROUTES[name]({
  redisUrl,
  async load() {
    loads++;
    return make("item:route");
  },
});

serveNode({
  port: () => route.port,
  loads: () => loads,
  early: () => route.early?.(),
  /** Processor time of this process so far, in microseconds. */
  cpuUs() {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  ...createProfiler(),
  close: () => route.close(),
});
