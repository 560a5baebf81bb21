import { Icon } from "example-kit/web/parts/icon.tsx";
import { useEffect, useId, useRef } from "react";
import type { ReactNode } from "react";

export interface SidePanelProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Details beside the map, which stays usable. Escape closes it; it takes the focus when it opens. */
export function SidePanel({ title, onClose, children }: SidePanelProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const close = useRef(onClose);
  const titleId = useId();
  useEffect(() => {
    close.current = onClose;
  });
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  useEffect(() => {
    const stop = new AbortController();
    addEventListener(
      "keydown",
      (event) => {
        if (event.key === "Escape" && !document.querySelector("dialog[open]")) close.current();
      },
      { signal: stop.signal },
    );
    return () => stop.abort();
  }, []);
  return (
    <aside className="map-card side-panel" aria-labelledby={titleId}>
      <header className="side-panel-head">
        <h2 id={titleId} ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <button type="button" className="button-icon" aria-label="Close details" onClick={onClose}>
          <Icon name="cross" />
        </button>
      </header>
      {children}
    </aside>
  );
}
