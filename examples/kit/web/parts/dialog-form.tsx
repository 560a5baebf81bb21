import type { ReactNode } from "react";
import type { Refusal } from "../request.ts";
import { useSubmit } from "../use-submit.ts";
import { Dialog } from "./dialog.tsx";
import { FormFoot } from "./form-foot.tsx";

export interface DialogFormProps {
  readonly title: string;
  /** What the button that sends the form says. */
  readonly words: string;
  /** Sends what the form says; the dialog is closed after it. It rejects with a `Refusal`, which is shown. */
  readonly write: (values: FormData) => Promise<unknown>;
  readonly onClose: () => void;
  /** The fields; they are told what is wrong with them. */
  readonly children: (errors: Refusal["fields"]) => ReactNode;
}

/** A dialog with one form in it. */
export function DialogForm({ title, words, write, onClose, children }: DialogFormProps) {
  const { submit, busy, refusal } = useSubmit(async (values) => {
    await write(values);
    onClose();
  });
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        {children(refusal?.fields ?? {})}
        <FormFoot words={words} busy={busy} refusal={refusal} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
