import type { Cancel } from "./clock.ts";

/** Whether somebody can see the page. Outside a browser there is no page, and nothing is ever hidden. */
export function pageHidden(): boolean {
  return typeof document !== "undefined" && document.hidden;
}

/** Calls `changed` when the page comes into view or goes out of it. */
export function onVisibility(changed: () => void): Cancel {
  if (typeof document === "undefined") return () => {};
  const page = document;
  page.addEventListener("visibilitychange", changed);
  return () => page.removeEventListener("visibilitychange", changed);
}

/** Calls `wake` when the page comes into view, is restored from the browser's memory, or the machine is online again. */
export function onWake(wake: () => void): Cancel {
  if (typeof document === "undefined") return () => {};
  const shown = (): void => {
    if (!pageHidden()) wake();
  };
  // The first bubbles up from the document.
  const events = ["visibilitychange", "pageshow", "online"];
  for (const event of events) addEventListener(event, shown);
  return () => {
    for (const event of events) removeEventListener(event, shown);
  };
}
