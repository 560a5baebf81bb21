import { createContext, use, useCallback, useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import { Link } from "../router.tsx";
import { Icon } from "./icon.tsx";
import type { IconName } from "./icon.tsx";

/** A short notice. With `href` it offers to go there. */
export interface Toast {
  readonly title: string;
  readonly body: string;
  readonly icon: IconName;
  readonly href?: string;
}

interface ShownToast extends Toast {
  readonly id: number;
}

const LASTS_MS = 7_000;
const MOST = 3;

const ToastContext = createContext<(toast: Toast) => void>(() => undefined);

/** The function that shows a toast. */
export function useToast(): (toast: Toast) => void {
  return use(ToastContext);
}

/** Holds the toasts of everything inside, and announces them to screen readers without taking the focus. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly ShownToast[]>([]);
  const lastId = useRef(0);
  const show = useCallback((toast: Toast) => {
    lastId.current += 1;
    const shown = { ...toast, id: lastId.current };
    setToasts((others) => [...others, shown].slice(-MOST));
  }, []);
  const dismiss = useCallback((id: number) => {
    setToasts((shown) => shown.filter((toast) => toast.id !== id));
  }, []);
  return (
    <ToastContext value={show}>
      {children}
      <div className="toasts" role="log" aria-live="polite" aria-label="Notices">
        {toasts.map((toast) => (
          <ToastCard key={toast.id} toast={toast} onDismiss={dismiss} />
        ))}
      </div>
    </ToastContext>
  );
}

function ToastCard({ toast, onDismiss }: { toast: ShownToast; onDismiss: (id: number) => void }) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return undefined;
    const timer = setTimeout(() => onDismiss(toast.id), LASTS_MS);
    return () => clearTimeout(timer);
  }, [held, onDismiss, toast.id]);
  return (
    <div
      className="toast"
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span className="toast-icon">
        <Icon name={toast.icon} />
      </span>
      <div className="toast-text">
        <strong>{toast.title}</strong>
        <span>{toast.body}</span>
      </div>
      {toast.href && (
        <Link className="toast-link" href={toast.href} onClick={() => onDismiss(toast.id)}>
          View
        </Link>
      )}
      <button type="button" className="button-icon" aria-label="Dismiss" onClick={() => onDismiss(toast.id)}>
        <Icon name="cross" size={16} />
      </button>
    </div>
  );
}
