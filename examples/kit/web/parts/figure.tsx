import { useEffect, useRef, useState } from "react";

const LASTS_MS = 700;

/** A number that runs to its new value when it changes. Screen readers read the value itself. */
export function Figure({ value, format = String }: { value: number; format?: (value: number) => string }) {
  const { shown, changes } = useRunning(value);
  return (
    <>
      <span key={changes} className={changes > 0 ? "figure figure-changed" : "figure"} aria-hidden="true">
        {format(shown)}
      </span>
      <span className="visually-hidden">{format(value)}</span>
    </>
  );
}

function useRunning(value: number): { shown: number; changes: number } {
  const [shown, setShown] = useState(value);
  const [changes, setChanges] = useState(0);
  const latest = useRef(value);
  useEffect(() => {
    const from = latest.current;
    if (from === value) return undefined;
    setChanges((count) => count + 1);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      latest.current = value;
      setShown(value);
      return undefined;
    }
    const startedAtMs = performance.now();
    let frame = requestAnimationFrame(function run(nowMs) {
      const part = Math.min(1, Math.max(0, (nowMs - startedAtMs) / LASTS_MS));
      const eased = 1 - (1 - part) ** 3;
      latest.current = from + (value - from) * eased;
      // Whole numbers stay whole on the way.
      setShown(Number.isInteger(value) ? Math.round(latest.current) : latest.current);
      if (part < 1) frame = requestAnimationFrame(run);
    });
    return () => cancelAnimationFrame(frame);
  }, [value]);
  return { shown, changes };
}
