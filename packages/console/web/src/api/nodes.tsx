import { createContext, use, useEffect, useState } from "react";
import type { ReactNode } from "react";
import type { NodesReport } from "@livecache/wire";
import { sampleOf } from "./samples.ts";
import type { Sample } from "./samples.ts";
import { useLook } from "./use-look.ts";
import type { Look } from "./use-look.ts";

/** What all nodes say of themselves, and how that went since the page was opened. */
export interface Watched {
  readonly look: Look<NodesReport>;
  /** Oldest first. */
  readonly samples: readonly Sample[];
}

const WatchedContext = createContext<Watched | undefined>(undefined);

const EVERY_MS = 3_000;

/** Ten minutes, as long as answers come in time. */
const MOST_SAMPLES = 200;

/** Asks the nodes on behalf of every page. */
export function NodesWatched({ children }: { readonly children: ReactNode }) {
  const look = useLook<NodesReport>("nodes", EVERY_MS);
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  const { found, atMs } = look;
  useEffect(() => {
    if (!found || atMs === undefined) return;
    setSamples((all) => [...all, sampleOf(found, atMs)].slice(-MOST_SAMPLES));
  }, [found, atMs]);
  return <WatchedContext value={{ look, samples }}>{children}</WatchedContext>;
}

/** What all nodes say of themselves. */
export function useNodes(): Watched {
  const found = use(WatchedContext);
  if (!found) throw new Error("This part stands outside of the console.");
  return found;
}
