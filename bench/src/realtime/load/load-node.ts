import { serveNode } from "@livecache/rig";
import { createLoadActs } from "./load-acts.ts";

// All clients of a round in a process of their own: what they cost is not the server's.
serveNode(createLoadActs() as unknown as Readonly<Record<string, (...args: unknown[]) => unknown>>);
