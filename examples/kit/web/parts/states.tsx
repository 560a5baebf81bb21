import type { ReactNode } from "react";
import { Icon } from "./icon.tsx";

/** Grey shapes in place of what is being loaded. */
export function Skeleton({ rows, height }: { rows: number; height: number }) {
  return (
    <div className="skeletons" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="skeleton" style={{ height }} />
      ))}
    </div>
  );
}

/** Says that there is nothing, and what to do about it. */
export function Empty({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="state">
      <span className="state-icon">
        <Icon name="check" size={28} />
      </span>
      <h2>{title}</h2>
      <div className="state-text">{children}</div>
    </div>
  );
}

export interface TroubleProps {
  readonly what: string;
  readonly words: string;
  readonly onRetry: () => void;
}

/** Says that something could not be loaded, and offers to try again. */
export function Trouble({ what, words, onRetry }: TroubleProps) {
  return (
    <div className="state" role="alert">
      <span className="state-icon state-icon-bad">
        <Icon name="alert" size={28} />
      </span>
      <h2>{what} could not be loaded</h2>
      <p className="state-text">{words}</p>
      <button type="button" className="button" onClick={onRetry}>
        Try again
      </button>
    </div>
  );
}
