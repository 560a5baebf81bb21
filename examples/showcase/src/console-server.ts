import { createServer } from "node:http";
import type { Server } from "node:http";
import { createConsole } from "@livecache/console";
import type { NodeLive } from "example-kit/application";
import type { Exhibit } from "./exhibits.ts";

/** Where the console of an application is, on the host of the page. */
const pathOf = (name: string): string => `/console/${name}`;

/**
 * The operations console of one application. Whoever gets here may act: the front lets only those through who sit at this machine, and in a
 * cluster it listens on the loopback address alone.
 */
export function createConsoleServer(
  live: NodeLive,
  { name, title }: Exhibit,
  all: readonly Exhibit[],
): Server {
  const others = all.filter((exhibit) => exhibit.name !== name);
  return createServer(
    createConsole(live, {
      title,
      path: pathOf(name),
      others: others.map((exhibit) => ({ title: exhibit.title, href: `${pathOf(exhibit.name)}/` })),
      guard: () => ({ name: "whoever sits here", role: "act" }),
    }),
  );
}
