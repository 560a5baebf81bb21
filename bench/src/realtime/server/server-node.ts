import { serveNode } from "@livecache/rig";
import { createServerActs } from "./server-acts.ts";

// One node of a contestant in a process of its own.
serveNode(createServerActs() as unknown as Readonly<Record<string, (...args: unknown[]) => unknown>>);
