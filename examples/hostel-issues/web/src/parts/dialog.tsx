import { useEffect, useId, useRef } from "react";
import type { MouseEvent, ReactNode } from "react";
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
  const titleId = useId();
  useEffect(() => {
    const dialog = element.current!;
    dialog.showModal();
    dialog.querySelector<HTMLElement>("[data-first]")?.focus();
    return () => dialog.close();
  }, []);
  function closeOnBackdrop(event: MouseEvent): void {
    if (event.target === element.current) onClose();
  }
  return (
    <dialog
      ref={element}
      className={`dialog dialog-${shape}`}
      aria-labelledby={titleId}
      onMouseDown={closeOnBackdrop}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
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
