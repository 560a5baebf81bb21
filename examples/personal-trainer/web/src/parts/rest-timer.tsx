import { Icon } from "example-kit/web/parts/icon.tsx";
import { useCallback, useEffect, useState } from "react";
import { usePreferences } from "../preferences.tsx";

const TICK_MS = 200;
const STEP_SECONDS = 15;
const [LEAST_SECONDS, MOST_SECONDS] = [15, 600];

/** Counts the pause between two sets down. How long it is belongs to the person, and is kept. */
export function RestTimer() {
  const { preferences, save } = usePreferences();
  const { restSeconds } = preferences;
  const [endsAtMs, setEndsAtMs] = useState<number>();
  const stop = useCallback(() => setEndsAtMs(undefined), []);
  const left = useSecondsLeft(endsAtMs, stop);
  function change(by: number): void {
    const next = Math.min(MOST_SECONDS, Math.max(LEAST_SECONDS, restSeconds + by));
    // A pause that could not be kept is the old one next time.
    save({ restSeconds: next }).catch(() => undefined);
  }
  return (
    <div className="rest">
      <button
        type="button"
        className={left === undefined ? "button" : "button button-chosen"}
        onClick={() => setEndsAtMs(left === undefined ? Date.now() + restSeconds * 1_000 : undefined)}
      >
        <Icon name="clock" size={18} />
        {left === undefined ? `Rest ${clockWords(restSeconds)}` : `${clockWords(left)} left, stop`}
      </button>
      <button type="button" className="button" aria-label="Rest less" onClick={() => change(-STEP_SECONDS)}>
        −{STEP_SECONDS} s
      </button>
      <button type="button" className="button" aria-label="Rest more" onClick={() => change(STEP_SECONDS)}>
        +{STEP_SECONDS} s
      </button>
    </div>
  );
}

/** Whole seconds until a moment; `undefined` without one. Tells when it has come, and shakes the phone where that is possible. */
function useSecondsLeft(endsAtMs: number | undefined, onEnd: () => void): number | undefined {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    if (endsAtMs === undefined) return undefined;
    setNowMs(Date.now());
    const timer = setInterval(() => setNowMs(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [endsAtMs]);
  const isOver = endsAtMs !== undefined && nowMs >= endsAtMs;
  useEffect(() => {
    if (!isOver) return;
    navigator.vibrate?.([200, 100, 200]);
    onEnd();
  }, [isOver, onEnd]);
  return endsAtMs === undefined ? undefined : Math.max(0, Math.ceil((endsAtMs - nowMs) / 1_000));
}

/** "1:30" */
function clockWords(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
