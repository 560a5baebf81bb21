import { countOf } from "example-kit/web/words.ts";
import type { NodeAct, NodeAnswer } from "../../../src/answers.ts";

interface NodeTileProps {
  readonly node: NodeAnswer;
  readonly busy: boolean;
  /** Nothing where it cannot be killed. */
  readonly onAct: ((act: NodeAct) => void) | undefined;
}

const GROUND_WORDS: Readonly<Record<NodeAnswer["ground"], string>> = {
  memory: "its own memory",
  here: "with Redis",
  away: "without Redis",
  some: "losing Redis",
};

/** One process, whether it has Redis, and how many windows it serves. */
export function NodeTile({ node, busy, onAct }: NodeTileProps) {
  const { name, state, ground, sockets, pid } = node;
  const how = state === "running" ? GROUND_WORDS[ground] : state === "gone" ? "killed" : "starting…";
  const look = state === "running" ? ground : state;
  return (
    <div className={`machine node node-${look}`}>
      <p className="machine-name">
        <strong>{name}</strong>
        <span className="machine-state">{how}</span>
        {pid !== undefined && (
          <span className="machine-state">
            pid {pid}
            {sockets !== undefined && ` · ${countOf(sockets, "connection")}`}
          </span>
        )}
      </p>
      {onAct && state !== "starting" && (
        <button
          type="button"
          className="button button-small"
          aria-disabled={busy}
          onClick={() => !busy && onAct(state === "running" ? "kill" : "start")}
        >
          {state === "running" ? "Kill" : "Start"} <span className="visually-hidden">{name}</span>
        </button>
      )}
    </div>
  );
}
