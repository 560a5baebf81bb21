import { useSyncExternalStore } from "react";
import { inFull, timeAgo } from "../words.ts";

const TICK_MS = 30_000;

function subscribe(listener: () => void): () => void {
  const timer = setInterval(listener, TICK_MS);
  return () => clearInterval(timer);
}

/** How long ago something was; grows by itself. */
export function Ago({ moment }: { moment: string }) {
  const tick = useSyncExternalStore(subscribe, () => Math.floor(Date.now() / TICK_MS));
  return (
    <time dateTime={moment} title={inFull(moment)}>
      {timeAgo(moment, Math.max(Date.now(), tick * TICK_MS))}
    </time>
  );
}
