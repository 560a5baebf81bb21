import { useEffect, useId, useLayoutEffect, useRef } from "react";
import type { ReactNode } from "react";
import { Icon } from "./icon.tsx";

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** `"sheet"` slides in from the side and leaves the page visible beside it. */
  readonly shape?: "box" | "sheet";
}

/**
 * A modal dialog: the browser's own keeps the focus inside, closes on Escape and gives the focus back. It is open as long as
 * it is rendered. A control marked `data-first` has the focus at first.
 */
export function Dialog({ title, onClose, children, shape = "box" }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const close = useRef(onClose);
  const titleId = useId();
  useEffect(() => {
    close.current = onClose;
  });
  // Undone while the dialog is still in the page: a dialog that is closed gives the focus back, one that is removed does not.
  useLayoutEffect(() => {
    const dialog = element.current!;
    const stop = new AbortController();
    const { signal } = stop;
    dialog.addEventListener("mousedown", ({ target }) => target === dialog && close.current(), { signal });
    dialog.addEventListener("cancel", (event) => closeInstead(event, close.current), { signal });
    dialog.showModal();
    dialog.querySelector<HTMLElement>("[data-first]")?.focus();
    return () => {
      stop.abort();
      dialog.close();
    };
  }, []);
  return (
    <dialog ref={element} className={`dialog dialog-${shape}`} aria-labelledby={titleId}>
      <div className="dialog-body">
        <header className="dialog-head">
          <h2 id={titleId}>{title}</h2>
          <button type="button" className="button-icon" aria-label="Close" onClick={onClose}>
            <Icon name="cross" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

/** Escape asks to close; the page closes the dialog by not rendering it any more. */
function closeInstead(event: Event, close: () => void): void {
  event.preventDefault();
  close();
}
