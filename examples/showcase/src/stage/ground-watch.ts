import type { GroundState } from "../answers.ts";
import type { Happenings } from "./happenings.ts";

/** What one application on one node says of its Redis. */
export interface GroundReport {
  readonly node: string;
  readonly application: string;
  readonly isHere: boolean;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Follows how the nodes lose Redis and find it again. */
export interface GroundWatch {
  report(report: GroundReport): void;
  /** A node is gone, and all it said with it. */
  forget(node: string): void;
  stateOf(node: string): GroundState;
  /** Redis was taken away at this moment. */
  struck(at: number): void;
  /** Redis was given back at this moment. */
  released(at: number): void;
}

interface WatchParts {
  readonly happenings: Happenings;
  /** Told when a node has lost Redis. */
  readonly onAway: () => void;
  /** Told when all nodes that lost Redis have it again. */
  readonly onAllBack: () => void;
}

/** Tells, for each node as a whole, how long it took to notice that Redis is away, and to find it again. */
export function createGroundWatch({ happenings, onAway, onAllBack }: WatchParts): GroundWatch {
  const nodes = new Map<string, Map<string, boolean>>();
  /** Nodes of which it was told that they are without Redis. */
  const without = new Set<string>();
  let struckAt: number | undefined;
  let releasedAt: number | undefined;

  function stateOf(node: string): GroundState {
    const said = [...(nodes.get(node)?.values() ?? [])];
    if (said.length === 0) return "memory";
    if (said.every(Boolean)) return "here";
    return said.some(Boolean) ? "some" : "away";
  }

  function away(node: string, at: number): void {
    without.add(node);
    const after = struckAt === undefined ? "" : ` after ${passed(struckAt, at)}`;
    happenings.add("noticed", `${node} noticed${after} that Redis is away, and goes on from its memory`, at);
    onAway();
  }

  function back(node: string, at: number): void {
    without.delete(node);
    const after = releasedAt === undefined ? "" : `, ${passed(releasedAt, at)} after its return`;
    happenings.add("back", `${node} works with Redis again${after}`, at);
    if (without.size > 0) return;
    struckAt = releasedAt = undefined;
    onAllBack();
  }

  return {
    stateOf,
    report({ node, application, isHere, at }) {
      const said = nodes.get(node) ?? new Map<string, boolean>();
      nodes.set(node, said.set(application, isHere));
      const state = stateOf(node);
      if (state === "away" && !without.has(node)) away(node, at);
      if (state === "here" && without.has(node)) back(node, at);
    },
    forget(node) {
      nodes.delete(node);
      without.delete(node);
    },
    struck(at) {
      struckAt = at;
      releasedAt = undefined;
    },
    released(at) {
      releasedAt = at;
    },
  };
}

function passed(from: number, to: number): string {
  const ms = Math.max(0, to - from);
  return ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
