import { useRef } from "react";

const FRESH_MS = 4_000;

/** Lights up the row it stands in for a moment, when the row comes or changes before the reader's eyes. `changedAt` is when it last changed. */
export function Glow({ changedAt }: { changedAt: string }) {
  const fresh = useIsFresh(changedAt);
  return fresh && <span key={changedAt} className="row-glow" aria-hidden="true" />;
}

/** Whether something has this version since a moment ago, or came to have it while it was shown. */
function useIsFresh(version: string): boolean {
  const first = useRef({ version, isNew: Date.now() - Date.parse(version) < FRESH_MS });
  return first.current.isNew || first.current.version !== version;
}
