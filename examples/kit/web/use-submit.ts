import { useState } from "react";
import type { FormEvent } from "react";
import type { Refusal } from "./request.ts";

/** How the sending of a form goes. */
export interface Submit {
  /** For the form's `onSubmit`. */
  readonly submit: (event: FormEvent<HTMLFormElement>) => Promise<void>;
  readonly busy: boolean;
  /** What the server had against what was sent last. */
  readonly refusal: Refusal | undefined;
}

/**
 * Sends what a form says, one at a time. `write` rejects with a `Refusal`, which is kept to be shown; the first field that it finds fault with gets
 * the focus.
 */
export function useSubmit(write: (values: FormData) => Promise<unknown>): Submit {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (busy) return;
    const form = event.currentTarget;
    setBusy(true);
    try {
      await write(new FormData(form));
      setRefusal(undefined);
    } catch (error) {
      const found = error as Refusal;
      setRefusal(found);
      const [firstField = ""] = Object.keys(found.fields);
      const control = form.elements.namedItem(firstField);
      if (control instanceof HTMLElement) control.focus();
    } finally {
      setBusy(false);
    }
  }
  return { submit, busy, refusal };
}
