import type { Happenings } from "../stage/happenings.ts";

/** Follows where visitors have their sockets, to tell how soon those of a node that was killed go on elsewhere. */
export interface Moves {
  /** A socket was opened; the answer says that it has ended. */
  opened(node: string, visitor: string | undefined): () => void;
  /** A node is about to be killed. */
  cut(node: string): void;
}

interface Cut {
  readonly node: string;
  readonly at: number;
  readonly visitors: number;
  /** Those who have no socket again. */
  readonly missing: Set<string>;
}

export function createMoves(happenings: Happenings): Moves {
  const open = new Set<{ readonly node: string; readonly visitor: string }>();
  let last: Cut | undefined;

  function cameBack(node: string, visitor: string): void {
    if (!last || node === last.node || !last.missing.delete(visitor) || last.missing.size > 0) return;
    const { visitors, at } = last;
    const who = visitors === 1 ? "The visitor" : `All ${visitors} visitors`;
    const ms = Math.round(performance.now() - at);
    happenings.add("calm", `${who} of ${last.node} went on with other nodes, after ${ms} ms`);
    last = undefined;
  }

  return {
    opened(node, visitor) {
      if (visitor === undefined) return () => undefined;
      const socket = { node, visitor };
      open.add(socket);
      cameBack(node, visitor);
      return () => void open.delete(socket);
    },
    cut(node) {
      const missing = new Set([...open].flatMap((socket) => (socket.node === node ? socket.visitor : [])));
      last = missing.size > 0 ? { node, at: performance.now(), visitors: missing.size, missing } : undefined;
    },
  };
}
