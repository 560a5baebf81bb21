import { useEffect, useRef, useState } from "react";

/** Whether a value has changed since it was first shown, until `calm` is called. */
export function useUpdated(value: string | number): readonly [updated: boolean, calm: () => void] {
  const [updated, setUpdated] = useState(false);
  const before = useRef(value);
  useEffect(() => {
    if (before.current !== value) setUpdated(true);
    before.current = value;
  }, [value]);
  return [updated, () => setUpdated(false)];
}
