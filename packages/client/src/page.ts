import type { Cancel } from "./clock.ts";

/** Whether somebody can see the page. Outside a browser there is no page, and nothing is ever hidden. */
export function pageHidden(): boolean {
  return typeof document !== "undefined" && document.hidden;
}

/** Calls `wake` when the page comes into view, is restored from the browser's memory, or the machine is online again. */
export function onWake(wake: () => void): Cancel {
  if (typeof document === "undefined") return () => {};
  const page = document;
  const shown = (): void => {
    if (!page.hidden) wake();
  };
  page.addEventListener("visibilitychange", shown);
  addEventListener("pageshow", shown);
  addEventListener("online", shown);
  return () => {
    page.removeEventListener("visibilitychange", shown);
    removeEventListener("pageshow", shown);
    removeEventListener("online", shown);
  };
}
