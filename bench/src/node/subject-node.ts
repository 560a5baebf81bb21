import { serveNode } from "@livecache/rig";
import { createSubjectActs } from "./subject-acts.ts";

// One contestant in a process of its own: neither its compiled code, nor its heap, nor its end is anybody else's.
serveNode(createSubjectActs() as unknown as Readonly<Record<string, (...args: unknown[]) => unknown>>);
