import type { Refusal } from "../request.ts";

export interface FormFootProps {
  /** What the button that sends the form says. */
  readonly words: string;
  readonly busy: boolean;
  readonly refusal: Refusal | undefined;
  readonly onCancel: () => void;
}

/** The end of a form in a dialog: what went wrong, and the two ways out. */
export function FormFoot({ words, busy, refusal, onCancel }: FormFootProps) {
  return (
    <>
      {refusal && (
        <p className="form-error" role="alert">
          {refusal.message}
        </p>
      )}
      <div className="form-actions">
        <button type="button" className="button" onClick={onCancel}>
          Cancel
        </button>
        <button type="submit" className="button button-main" aria-disabled={busy}>
          {busy ? "Sending…" : words}
        </button>
      </div>
    </>
  );
}
